// One tab at a time has a recording. A tab that dies gives it back by itself.

/** Own the recording called `id`; returns what gives it back, null when another tab has it. */
export function own(id) {
  return new Promise((resolve, reject) => {
    navigator.locks
      .request(`trainai-recording-${id}`, { ifAvailable: true }, (lock) => {
        if (!lock) {
          resolve(null);
          return undefined;
        }
        return new Promise((giveBack) => resolve(giveBack));
      })
      .catch(reject);
  });
}
