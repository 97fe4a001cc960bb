// Recordings on this computer, piece by piece, until the server has made a training of them.
import { openDB } from "idb";

const NAME = "trainai-recordings";

function database() {
  return openDB(NAME, 1, {
    upgrade(db) {
      db.createObjectStore("tapes", { keyPath: "id" });
      db.createObjectStore("pieces", { keyPath: ["tape", "offset"] });
    },
  });
}

let opened = null;
const open = () => (opened ??= database().catch(refuse));

// Whoever allows the page to store something need not load it again.
function refuse(error) {
  opened = null;
  throw error;
}

/** Store a tape's row: what is known of a recording besides its bytes. */
export async function put(row) {
  await (await open()).put("tapes", row);
}

/** Store a piece and the row that counts it, both or none, on the disk when this returns. */
export async function add(row, piece) {
  const change = (await open()).transaction(["tapes", "pieces"], "readwrite", { durability: "strict" });
  await Promise.all([
    change.objectStore("pieces").add({ tape: row.id, ...piece }),
    change.objectStore("tapes").put(row),
    change.done,
  ]);
}

/** The bytes from `start` to `end`, or as many as there are. Throws when those at `start` are not kept any more. */
export async function read(tape, start, end) {
  const pieces = (await open()).transaction("pieces").store;
  const first = await pieces.openCursor(IDBKeyRange.bound([tape, 0], [tape, start]), "prev");
  if (!first || first.value.offset + first.value.data.byteLength <= start) throw new Error("not kept");
  const found = await pieces.getAll(IDBKeyRange.bound([tape, first.value.offset], [tape, end], false, true));
  const from = first.value.offset;
  return new Blob(found.map((piece) => piece.data)).slice(start - from, end - from);
}

/** Whether the recording is kept from its first byte on. */
export async function isWhole(tape) {
  return (await (await open()).getKey("pieces", [tape, 0])) !== undefined;
}

/** Make room: forget the pieces that lie wholly before `offset`. */
export async function forgetBefore(tape, offset) {
  const change = (await open()).transaction("pieces", "readwrite");
  const keys = await change.store.getAllKeys(IDBKeyRange.bound([tape, 0], [tape, offset]));
  await Promise.all([...keys.slice(0, -1).map((key) => change.store.delete(key)), change.done]);
}

/** Every recording of a person that is kept here, oldest first. */
export async function all(person) {
  const rows = await (await open()).getAll("tapes");
  return rows.filter((row) => row.person === person).sort((one, other) => one.began - other.began);
}

export async function remove(tape) {
  const change = (await open()).transaction(["tapes", "pieces"], "readwrite");
  await Promise.all([
    change.objectStore("pieces").delete(IDBKeyRange.bound([tape, 0], [tape, Infinity])),
    change.objectStore("tapes").delete(tape),
    change.done,
  ]);
}
