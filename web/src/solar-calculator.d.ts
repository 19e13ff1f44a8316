declare module "solar-calculator" {
  export function century(date: Date): number;
  export function declination(century: number): number;
  export function equationOfTime(century: number): number;
}
