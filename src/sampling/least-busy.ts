/**
 * Gives tasks to members of a team: each to the one with the fewest, who has `room` for so many at once; while all are
 * full, tasks wait, first come, first served. A task that fails makes room as any other.
 */
export function leastBusy<Member>(team: readonly Member[], room: number) {
  type Place = { readonly member: Member; tasks: number };
  const places: readonly Place[] = team.map((member) => ({ member, tasks: 0 }));
  const waiting: ((place: Place) => void)[] = [];
  const free = (): Place | null => {
    const place = places.reduce((a, b) => (b.tasks < a.tasks ? b : a));
    if (place.tasks === room) return null;
    place.tasks++;
    return place;
  };
  return async <Result>(task: (member: Member) => Promise<Result>): Promise<Result> => {
    const place = free() ?? (await new Promise<Place>((take) => waiting.push(take)));
    try {
      return await task(place.member);
    } finally {
      const next = waiting.shift();
      if (next) next(place);
      else place.tasks--;
    }
  };
}
