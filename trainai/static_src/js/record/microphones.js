// The microphones of this computer.

const CONSTRAINTS = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };

/** Open one, by default the one the system prefers. Throws as getUserMedia does. */
export function openMicrophone(id = "") {
  return navigator.mediaDevices.getUserMedia({ audio: { ...CONSTRAINTS, ...(id && { deviceId: { exact: id } }) } });
}

/** Those there are: id and name. Names are known once one of them was allowed. */
export async function listMicrophones() {
  const devices = await navigator.mediaDevices.enumerateDevices();
  return devices.filter((device) => device.kind === "audioinput").map(({ deviceId, label }) => ({ id: deviceId, label }));
}
