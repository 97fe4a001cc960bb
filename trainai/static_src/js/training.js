// The page of a training: player, tape, tabs, and everything that follows the recording's time.
import "./elements/training-player.js";
import "./elements/time-tape.js";
import "./elements/tab-set.js";
import { watchLights } from "./page/lights.js";
import { watchRename } from "./page/rename.js";
import { watchSeeks } from "./page/seeks.js";

let player = null;

// While the recording still arrives there is no player; it comes with the last byte.
function meetPlayer() {
  const found = document.querySelector("training-player");
  if (!found || found === player) return;
  player = found;
  watchLights(player);
}

meetPlayer();
document.addEventListener("fragments:placed", meetPlayer);
watchSeeks(() => player);
watchRename();
