// Where a recording goes in.
import "./elements/kept-recordings.js";
import "./elements/screen-recorder.js";
import "./elements/upload-door.js";
