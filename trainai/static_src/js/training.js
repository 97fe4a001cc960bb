// The page of a training: player, tape, tabs, and everything that follows the recording's time.
import "./elements/training-player.js";
import "./elements/time-tape.js";
import "./elements/tab-set.js";
import { watchLights } from "./page/lights.js";
import { watchRename } from "./page/rename.js";
import { watchSeeks } from "./page/seeks.js";

const player = document.querySelector("training-player");
watchSeeks(player);
watchLights(player);
watchRename();
