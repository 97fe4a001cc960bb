// Where a recording goes in.
import "./elements/upload-door.js";
