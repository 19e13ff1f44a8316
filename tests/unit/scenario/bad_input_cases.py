"""Kinds of bad input, each one change of the tutorial, with what must be said of it."""

from __future__ import annotations

from scenario_mutations import Change

U, S, T, W = "units.yaml", "serials.yaml", "templates.yaml", "weather.csv"

CHANGES = {
    # --- keys ---------------------------------------------------------------------------------
    "misspelt key of a unit": Change(
        U, "  home: aktau-barracks", "  @hoem: aktau-barracks", "unknown key 'hoem'", "'home'"
    ),
    "misspelt key of the header": Change(
        "scenario.yaml", "utc_offset_h: 5 ", "@utc_ofset_h: 5 ", "unknown key", "'utc_offset_h'"
    ),
    "misspelt key within a figure": Change(
        U, "ground: {value: 15,", "ground: {@vlaue: 15,", "unknown key 'vlaue'", "'value'"
    ),
    "missing key": Change(
        S, "- serial: s11-parade\n  name: Parade\n", "- @serial: s11-parade\n",
        "'name' is missing", "Add 'name'",
    ),
    "misspelt column": Change(
        "origins.csv", "origin,name,kind,nation", "origin,name,@knid,nation", "unknown column",
        "'kind'",
    ),
    "misspelt property of a place": Change(
        "places.geojson", '"radius_m": 3000', '@"radius": 5000', "unknown key 'radius'",
        "'radius_m'",
    ),
    "unknown phase": Change(
        S, "phase: implementation\n  start: 2025-06-14T18:00",
        "phase: @implementaton\n  start: 2025-06-14T18:00", "not a word that is known",
        "'implementation'",
    ),
    # --- units of measure ---------------------------------------------------------------------
    "speed in another unit": Change(
        S, "{speed_km_h: 35}\n  assumed: the station", "{@speed_m_s: 9.7}\n  assumed: the station",
        "wrong unit", "'speed_km_h'",
    ),
    "number with a unit": Change(
        S, "speed_kn: 10}", "speed_kn: @10 kn}", "'10 kn' is not a number", "in kn, without"
    ),
    "speed out of bounds": Change(
        S, "speed_kn: 10}", "speed_kn: @400}", "400 kn is out of bounds", "1 to 60 kn"
    ),
    "persons as text": Change(
        U, "persons: {value: 87,", "persons: {value: @eighty,", "'eighty' found", "number"
    ),
    # --- names --------------------------------------------------------------------------------
    "unknown unit": Change(
        S, "units: [kaz-helicopter]", "units: [@kaz-helicoptr]", "unknown unit", "'kaz-helicopter'"
    ),
    "unknown parent": Change(
        U, "  name: Range staff\n  parent: kaz", "  name: Range staff\n  parent: @kaaz",
        "unknown unit 'kaaz'", "'kaz'",
    ),
    "unknown home": Change(
        U, "home: aktau-port", "home: @aktau-prot", "unknown place 'aktau-prot'", "'aktau-port'"
    ),
    "unknown place of a serial": Change(
        S, "task: sail\n  place: off-aktau", "task: sail\n  place: @of-aktau", "unknown place",
        "'off-aktau'",
    ),
    "unknown place of a parameter": Change(
        S, "drop_zone: drop-zone", "drop_zone: @drop-zoen", "unknown place", "'drop-zone'"
    ),
    "unknown claim of a unit": Change(
        U, "ground: {value: 15, claim: T-3}", "ground: {value: 15, claim: @T-33}",
        "unknown claim 'T-33'", "'T-3'",
    ),
    "unknown claim of a place": Change(
        "places.geojson", '"claim": "T-4"', '"claim": @"T-44"', "unknown claim 'T-44'", "'T-4'"
    ),
    "unknown claim of an event": Change(
        "events.csv", "It rains.,T-8,", "It rains.,@T-88,", "unknown claim 'T-88'", "'T-8'"
    ),
    "unknown place of the weather": Change(
        W, "off-aktau,2025", "@of-aktau,2025", "unknown place 'of-aktau'", "'off-aktau'"
    ),
    "unknown claim of the weather": Change(
        W, "21,100,T-8,", "21,100,@T-88,", "unknown claim 'T-88'", "'T-8'"
    ),
    "unknown claim of a conflict": Change(
        "conflicts.yaml", "claims: [T-2]", "claims: [@T-22]", "unknown claim 'T-22'", "'T-2'"
    ),
    "unknown source": Change(
        "claims.yaml", "N1\n  origin: courier\n  asserted: 2025-06-15\n\n- claim: T-3",
        "@N11\n  origin: courier\n  asserted: 2025-06-15\n\n- claim: T-3",
        "unknown source 'N11'", "'N1'",
    ),
    "unknown template": Change(
        T, "{template: steppe-section,", "{template: @stepe-section,", "unknown template",
        "'steppe-section'",
    ),
    "unknown type": Change(
        U, "{platform: kitchen-truck}\n    - {platform: truck-kamaz}",
        "{platform: @kitchn-truck}\n    - {platform: truck-kamaz}", "unknown type",
        "'kitchen-truck'",
    ),
    "unknown way": Change(
        S, "{from: mangystau, to: shetpe, ways: [mangystau-shetpe]}",
        "{from: mangystau, to: shetpe, ways: [@mangystau-shetp]}", "unknown way",
        "'mangystau-shetpe'",
    ),
    "unknown task": Change(S, "task: ceremony", "task: @ceremny", "unknown task", "'ceremony'"),
    "unknown earlier serial": Change(
        S, "after: [s04-sail]", "after: [@s04-sial]", "unknown serial", "'s04-sail'"
    ),
    "unknown figure": Change(
        U, "{figure: kazakh-company}", "{figure: @kazak-company}", "unknown figure",
        "'kazakh-company'",
    ),
    "unknown policy": Change(
        "scenario.yaml", "policies: [announced, counted]", "policies: [announced, @conted]",
        "unknown policy", "'counted'",
    ),
    "unknown echelon": Change(
        U, "echelon: detachment", "echelon: @detachmnt", "unknown echelon", "'detachment'"
    ),
    "unknown end of a way": Change(
        "ways.geojson", '"to": "shetpe"', '"to": @"shetpo"', "names no place", "'shetpe'"
    ),
    # --- ids twice ----------------------------------------------------------------------------
    "unit twice": Change(
        U, "- unit: kaz-craft", "- unit: @kaz-helicopter", "'kaz-helicopter' is given twice",
        "id of its own",
    ),
    "serial twice": Change(
        S, "- serial: s08-recon", "- serial: @s07-occupy", "'s07-occupy' is given twice",
        "id of its own",
    ),
    "claim twice": Change(
        "claims.yaml", "- claim: T-7", "- claim: @T-6", "'T-6' is given twice", "rename"
    ),
    "place twice": Change(
        "places.geojson", '"place": "off-aktau"', '"place": @"aktau-port"', "'aktau-port' was used",
        "once",
    ),
    "key twice": Change(
        U, "  home: aktau-port", "  home: aktau-port\n  @home: aktau-port", "given twice", "Remove"
    ),
    # --- trees --------------------------------------------------------------------------------
    "circular unit tree": Change(
        U, "- unit: kaz\n  name: Host contingent\n",
        "- unit: kaz\n  name: Host contingent\n  parent: @kaz-range\n",
        "unit tree is circular: kaz below kaz-range below kaz", "another parent",
    ),
    "circular templates": Change(
        T, "  parts:\n    - {platform: btr-82a}",
        "  parts:\n    - {template: steppe-platoon}\n    - {platform: btr-82a}",
        "templates contain each other", "Remove",
    ),
    "no home": Change(
        U, "  echelon: group\n  home: steppe-range\n", "  echelon: group\n", "has no home",
        "home: PLACE",
    ),
    # --- times --------------------------------------------------------------------------------
    "scenario ends before it starts": Change(
        "scenario.yaml", "end: 2025-06-15T08:00+05:00", "end: @2025-06-12T08:00+05:00",
        "not after its start", "'end' after 'start'",
    ),
    "serial ends before it starts": Change(
        S, "end: 2025-06-14T19:30+05:00", "end: @2025-06-14T17:45+05:00",
        "'s11-parade' ends at", "'end' after 'start'",
    ),
    "serial outside the scenario": Change(
        S, "end: 2025-06-15T07:00+05:00", "end: @2025-06-16T07:00+05:00", "outside the scenario",
        "runs from",
    ),
    "event outside the scenario": Change(
        "events.csv", "2025-06-14,18:30", "@2052-06-14,18:30", "more than a year", "runs from"
    ),
    "weather before the scenario": Change(
        W, ",2025-06-13T18:00+05:00", ",@2025-06-13T17:59+05:00", "begins outside the scenario",
        "runs from",
    ),
    "weather after the scenario": Change(
        W, "2025-06-14T23:00", "@2025-06-15T23:00", "begins outside the scenario", "runs from"
    ),
    "weather twice": Change(
        W, "steppe-range,2025-06-14T18:00+05:00", "steppe-range,@2025-06-14T11:30Z",
        "the weather of 'steppe-range' from 2025-06-14T11:30Z on is given twice (first in line 6)",
        "part their times",
    ),
    "weather of everywhere twice": Change(
        W, ",2025-06-14T00:00+05:00", ",@2025-06-13T18:00+05:00", "the weather of everywhere",
        "Remove one",
    ),
    "weather without an offset": Change(
        W, "2025-06-14T23:00+05:00", "@2025-06-14T23:00", "no offset from UTC",
        "2022-09-06T16:50+10:00",
    ),
    "wind without a direction": Change(
        W, "steppe-range,2025-06-14T23:00+05:00,6,290",
        "@steppe-range,2025-06-14T23:00+05:00,6,", "wind needs speed and direction", "",
    ),
    "sea state beyond the scale": Change(
        W, "14,300,15,3,,25", "14,300,15,@10,,25", "'10' found", "less than or equal to 9"
    ),
    "sea state that is no degree": Change(
        W, "14,300,15,3,,25", "14,300,15,@2.5,,25", "'2.5' found", "integer"
    ),
    "visibility of nothing": Change(
        W, "12,270,6,,2.5", "12,270,@0,,2.5", "'0' found", "greater than 0"
    ),
    "wind with its unit": Change(
        W, "5,60,20,1", "@5 m/s,60,20,1", "'5 m/s' found", "number"
    ),
    "weather of nobody's making": Change(
        W, "60,,rain of the season is short", "60,,", "neither a claim nor an assumption", ""
    ),
    "column of the weather in another unit": Change(
        W, "visibility_km", "@visibility_m", "unknown column 'visibility_m'", "'visibility_km'"
    ),
    "time without offset": Change(
        S, "start: 2025-06-14T18:00+05:00", "start: @2025-06-14T18:00", "no offset from UTC",
        "2022-09-06T16:50+10:00",
    ),
    "no time": Change(
        S, "start: 2025-06-14T18:00+05:00", "start: @six o'clock", "no date and time",
        "2022-09-06T16:50+10:00",
    ),
    "no day": Change(
        "events.csv", "2025-06-14,18:30", "@14 June,18:30", "'14 June' is no day", "2022-09-05"
    ),
    "bad EDTF date of a source": Change(
        "sources.csv", "Exercise press centre,2025-06-10", "Exercise press centre,@2025-16-10",
        "2025-16-10", "no date of the calendar",
    ),
    "waits for a later serial": Change(
        S, "after: [s05-patrol]", "after: [@s13-home-kaz]", "before 's13-home-kaz'",
        "2025-06-15T02:00+05:00 or later",
    ),
    "serials wait for each other": Change(
        S, "  units: [kaz-craft]\n  params: {speed_kn: 12}\n",
        "  units: [kaz-craft]\n  after: @[s05-patrol]\n  params: {speed_kn: 12}\n",
        "wait for each other", "Remove",
    ),
    # --- claims -------------------------------------------------------------------------------
    "empty quote": Change(
        "claims.yaml", 'quote: "The exercise is not directed at anyone."', 'quote: "  "',
        "quote is empty", "give the words",
    ),
    "neither claim nor assumption": Change(
        U, "persons: {value: 87, assumed: a company on trucks}", "persons: @{value: 87}",
        "neither a claim nor an assumption", "assumed: why",
    ),
    "serial without provenance": Change(
        S, "  assumed: those who did not fire manoeuvre\n", "", "neither a claim", "assumed: why"
    ),
    "place without provenance": Change(
        "places.geojson", ', "assumed": "the nearest airfield"', "", "neither a claim", "assumed"
    ),
    # --- tasks --------------------------------------------------------------------------------
    "unknown parameter": Change(
        S, "{pattern: racetrack,", "{@patern: racetrack,", "unknown parameter 'patern'",
        "'pattern'",
    ),
    "missing parameter": Change(
        S, "params: {targets: 10, target_range_m: 1200,", "params: @{targets: 10,",
        "lacks the parameter 'target_range_m'", "Add",
    ),
    "missing parameter of the mode": Change(
        S, "{mode: rail, from: shetpe, to: mangystau,", "@{mode: rail, from: shetpe,",
        "lacks the parameter 'to'", "Add",
    ),
    "parameters for a task without": Change(
        S, "  after: [s10-drill]\n", "  after: [s10-drill]\n  params: {@speed_kn: 3}\n",
        "unknown parameter 'speed_kn'", "takes no parameters",
    ),
    "unknown word": Change(
        S, "{pattern: racetrack,", "{pattern: @racetrak,", "unknown word", "'racetrack'"
    ),
    "half a target": Change(S, "{targets: 10,", "{targets: @9.5,", "not whole", "Round"),
    "list wanted": Change(
        S, "ways: [mangystau-shetpe]}\n  claim: T-4\n\n- serial: s02",
        "ways: @mangystau-shetpe}\n  claim: T-4\n\n- serial: s02", "not a list of ids", "[ID, ID]",
    ),
    "a task for ships given to soldiers": Change(
        S, "  units: [kaz-craft]\n  params: {speed_kn: 12}\n",
        "  units: [@kaz-range]\n  params: {speed_kn: 12}\n", "has no ship", "another unit",
    ),
    # --- whereabouts --------------------------------------------------------------------------
    "two places at once": Change(
        S, "start: 2025-06-14T17:00+05:00\n  end: 2025-06-14T20:00+05:00\n  units: [kaz-craft]",
        "start: 2025-06-14T16:00+05:00\n  end: 2025-06-14T20:00+05:00\n  units: [@kaz-craft]",
        "'kaz-craft' is in two places at once", "Move one",
    ),
    "unit of the same tree in two places at once": Change(
        S, "units: [kaz-company, kaz-range, mng, kgz]", "units: [kaz-company, @kaz, mng, kgz]",
        "'kaz-craft' (of 'kaz') is in two places at once", "Move one",
    ),
    "two serials at once": Change(
        S, "start: 2025-06-14T16:15+05:00\n  end: 2025-06-14T17:55+05:00\n  units: [mng, kgz]",
        "start: 2025-06-14T12:45+05:00\n  end: 2025-06-14T17:55+05:00\n  units: [@mng, kgz]",
        "'mng' is in two serials at once", "Move one",
    ),
    "impossible travel": Change(
        S, "end: 2025-06-14T08:00+05:00", "end: @2025-06-14T05:20+05:00", "is too short",
        "end later",
    ),
    "serial before arrival": Change(
        S, "task: occupy\n  place: steppe-range\n  phase: implementation\n"
        "  start: 2025-06-14T11:00+05:00\n  end: 2025-06-14T13:00+05:00\n  units: [kaz-company",
        "task: occupy\n  place: shetpe\n  phase: implementation\n"
        "  start: 2025-06-14T11:00+05:00\n  end: 2025-06-14T13:00+05:00\n  units: [@kaz-company",
        "before arrival: unit 'kaz-company' is at 'steppe-range'", "earlier serial",
    ),
    "entrained elsewhere": Change(
        U, "  symbol: \"121104\"\n  home: mangystau", "  symbol: \"121104\"\n  home: aktau-port",
        "before arrival: unit 'mng' is at 'aktau-port' (at its home)", "earlier serial",
    ),
    "jumpers far from their aircraft": Change(
        U, '  symbol: "121100"\n  home: aktau-airfield', '  symbol: "121100"\n  home: shetpe',
        "before arrival: unit 'kgz' is at 'shetpe' (at its home), not at 'aktau-airfield'",
        "earlier serial",
    ),
    # --- room ---------------------------------------------------------------------------------
    "more jumpers than places": Change(
        U, "{platform: an-26, count: 2, claim: T-5}", "{platform: an-26, count: 1, claim: T-5}",
        "more persons than seats: 40 persons, 30 places", "Add carriers",
    ),
    "more marchers than seats": Change(
        S, "  support: [kaz-trucks]        # its men ride in the host's trucks\n", "",
        "more persons than seats: 40 persons march in 0 vehicles with 0 seats", "trucks",
    ),
    "more passengers than seats": Change(
        S, "start: 2025-06-14T20:45+05:00\n  end: 2025-06-15T02:00+05:00\n  units: [kgz]\n"
        "  support: [kaz-trucks]        # its men ride in the host's trucks\n"
        "  after: [s11-parade]\n  params: {mode: road, speed_km_h: 40}",
        "start: 2025-06-14T20:45+05:00\n  end: 2025-06-14T21:15+05:00\n  units: [kgz]\n"
        "  after: [s11-parade]\n  params: {mode: airlift, from: steppe-range, to: aktau-airfield,"
        " carriers: @[kaz-helicopter]}",
        "more persons than seats: 40 persons, 24 seats", "Add carriers",
    ),
    "no train": Change(
        U, "{platform: military-train, count: 2}", "{platform: military-train, count: 0}",
        "there is no train", "kind train",
    ),
    "persons who do not fit": Change(
        U, "ground: {value: 13, assumed: as many", "ground: {value: 5, assumed: as many",
        "'mng': 87 persons and 5 ground vehicles cannot both be met", "Wanted",
    ),
    "too few parachutes": Change(
        U, "{platform: parachute-d10, count: 45}", "{platform: parachute-d10, count: 39}",
        "40 jumpers, 39 parachutes", "kind parachute",
    ),
    "too few targets": Change(
        S, "{targets: 10,", "{targets: @11,", "11 targets wanted, 10 stand", "kind target"
    ),
    # --- broken files -------------------------------------------------------------------------
    "broken YAML": Change(
        S, "units: [kaz-helicopter]", "units: [kaz-helicopter", "broken YAML", "Correct"
    ),
    "tab in YAML": Change(
        "figures.yaml", "  plus: [persons]", "\tplus: [persons]", "broken YAML", "Correct"
    ),
    "no list": Change(
        "homes.yaml", "- claim: T-9\n  context:", "claim: T-9\ncontext:", "list of entries",
        "Start each",
    ),
    "too few cells": Change(
        "events.csv", "2025-06-14,18:30,steppe-range,It rains.,T-8,",
        "@2025-06-14,18:30,steppe-range,It rains.,T-8", "5 cells in this row, 6 columns", "commas",
    ),
    "open quote": Change(
        "origins.csv", "courier,Reporter", '@courier,"Reporter', "broken CSV", "quotes"
    ),
    "broken GeoJSON": Change(
        "places.geojson", '"type": "FeatureCollection",', '"type": "FeatureCollection"', "not JSON",
        "Correct",
    ),
    "swapped coordinates": Change(
        "places.geojson", "[52.117, 44.144]", "@[44.144, 152.117]", "latitude", "longitude"
    ),
    "place that is no number": Change(
        "places.geojson", "[52.117, 44.144]", "[@NaN, 44.144]", "'NaN' found", "a finite number"
    ),
    "claim that is no number": Change(
        "claims.yaml", "value: 300", "value: @.nan", "nan found", "a finite number"
    ),
    "claim beyond all numbers": Change(
        "claims.yaml", "value: 300", "value: @1e999", "inf found", "a finite number"
    ),
    "more vehicles than memory holds": Change(
        U, "- unit: kaz-range\n  name: Range staff\n",
        "- unit: @kaz-range\n  persons: {value: 1000000000000000, assumed: a slip}\n"
        "  name: Range staff\n",
        "persons and platforms or more", "A scenario may have",
    ),
    "unit without a name": Change(U, "name: Host contingent", 'name: @""', "'' found", "some text"),
    "priority beyond all numbers": Change(
        S, "  task: rail\n  place: shetpe", "  task: rail\n  priority: @1e30\n  place: shetpe",
        "found", "Wanted",
    ),
    "text in place of an entry": Change(
        S, "- serial: s02-march-mng", "- @text\n- serial: s02-march-mng", "'text' found",
        "keys with values",
    ),
    "catalogue elsewhere": Change(
        "scenario.yaml", "# include_catalogue: catalogue", "include_catalogue: @../..",
        "outside the scenario folder", "within the scenario",
    ),
    # --- counts by figures, claims elsewhere ----------------------------------------------------
    "count of an unknown figure": Change(
        S, "{targets: 10,", "{targets: {figure: @person},", "unknown figure 'person'", "'persons'"
    ),
    "measure by a figure": Change(
        S, "target_range_m: 1200,", "target_range_m: @{figure: persons},", "is not a number",
        "Write a number in m",
    ),
    "figure with more beside it": Change(
        S, "{targets: 10,", "{targets: @{figure: persons, plus: 1},", "is not a number",
        "whole number",
    ),
    "count by a figure out of bounds": Change(
        S, "{moves: 2}", "{moves: @{figure: persons}}", "300 is out of bounds", "1 to 50"
    ),
    "more targets by a figure than stand there": Change(
        S, "{targets: 10,", "{targets: @{figure: persons},", "300 targets wanted", "Add platforms"
    ),
    "claim of no shipped scenario": Change(
        "homes.yaml", "- claim: T-9\n",
        "- claim: T-9\n  elsewhere: {scenario: @vostok-2023, claim: S000-1}\n",
        "no scenario 'vostok-2023'", "'vostok-2022'",
    ),
    "claim that the other scenario has not": Change(
        "homes.yaml", "- claim: T-9\n",
        "- claim: T-9\n  elsewhere: {scenario: vostok-2022, claim: @S000-99}\n",
        "has no claim 'S000-99'", "S000-9",
    ),
    "claim with other words in the other scenario": Change(
        "homes.yaml", "- claim: T-9\n",
        "- claim: T-9\n  elsewhere: {scenario: vostok-2022, claim: @S000-1}\n",
        "has other words", "same passage",
    ),
}  # fmt: skip
