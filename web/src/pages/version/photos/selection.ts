import { useMemo, useState } from 'react';

/** Which photos of a view are chosen, by their place in it. */
export interface Selection {
  readonly places: ReadonlySet<number>;
  /** Whether one is choosing: a press then chooses rather than opens. */
  readonly isOn: boolean;
  readonly begin: () => void;
  readonly end: () => void;
  /** @param isRange also everything since the last one. */
  readonly toggle: (place: number, isRange: boolean) => void;
  readonly setAll: (from: number, to: number, isChosen: boolean) => void;
}

interface State {
  readonly places: ReadonlySet<number>;
  readonly isOn: boolean;
  readonly last: number;
}

const NOTHING: State = { places: new Set(), isOn: false, last: 0 };

export function useSelection(): Selection {
  const [state, setState] = useState(NOTHING);
  return useMemo(
    () => ({
      places: state.places,
      isOn: state.isOn,
      begin: () => setState({ ...NOTHING, isOn: true }),
      end: () => setState(NOTHING),
      toggle: (place, isRange) =>
        setState(({ places, last }) => {
          const isChosen = !places.has(place);
          const [from, to] = isRange ? [Math.min(last, place), Math.max(last, place) + 1] : [place, place + 1];
          return { places: withAll(places, from, to, isChosen), isOn: true, last: place };
        }),
      setAll: (from, to, isChosen) =>
        setState(({ places, last }) => ({ places: withAll(places, from, to, isChosen), isOn: true, last })),
    }),
    [state],
  );
}

function withAll(places: ReadonlySet<number>, from: number, to: number, isChosen: boolean): Set<number> {
  const all = new Set(places);
  for (let place = from; place < to; place++) {
    if (isChosen) all.add(place);
    else all.delete(place);
  }
  return all;
}
