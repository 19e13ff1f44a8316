"""Seats for teams: nearest vehicle of the own unit first, so that a march carries everybody."""

from __future__ import annotations

from startex.forces.nodes import Node, Platform, Team


def seat_teams(node: Node) -> int:
    """Give every team of a line a vehicle to ride; return how many persons found no seat.

    First fit, the largest team first, at the lowest unit that has room: a squad rides with its
    platoon where it can, else with its company, and so on. A team that fits nowhere whole is
    divided at the top, and its parts ride in several vehicles.

    Parameters
    ----------
    node
        The line. Teams get ``rides`` and ``seat``, platforms lose ``free`` seats.
    """
    waiting, vehicles = _seat(node)
    unseated = 0
    for owner, team in waiting:
        unseated += _divide(owner, team, vehicles)
    return unseated


def _seat(node: Node) -> tuple[list[tuple[Node, Team]], list[Platform]]:
    waiting = [(node, team) for team in node.teams]
    vehicles = [platform for platform in node.platforms if platform.free]
    for child in node.children:
        below, free = _seat(child)
        waiting += below
        vehicles += free
    left: list[tuple[Node, Team]] = []
    for owner, team in sorted(waiting, key=lambda item: -item[1].size):
        vehicle = next((v for v in vehicles if v.free >= team.size), None)
        if vehicle is None:
            left.append((owner, team))
        else:
            _ride(team, vehicle)
    return left, [vehicle for vehicle in vehicles if vehicle.free]


def _ride(team: Team, vehicle: Platform) -> None:
    team.rides = vehicle
    team.seat = vehicle.next_seat
    vehicle.next_seat += team.size
    vehicle.free -= team.size


def _divide(owner: Node, team: Team, vehicles: list[Platform]) -> int:
    """Divide a team among the free seats; return how many found none."""
    piece, number = team, 1
    for vehicle in vehicles:
        if not vehicle.free:
            continue
        rest = piece.size - vehicle.free
        if rest <= 0:
            _ride(piece, vehicle)
            return 0
        piece.size = vehicle.free
        _ride(piece, vehicle)
        number += 1
        piece = Team(team.type, rest, team.name, part_of=number)
        owner.teams.insert(owner.teams.index(team) + number - 1, piece)
    return piece.size
