// The camera's picture above all other windows where nothing else of a page may be there (Safari): the browser's own
// picture-in-picture of a <video>. To the camera it is what the small window is.

/** Tells "closed". */
export class PictureWindow extends EventTarget {
  #video;

  constructor(video) {
    super();
    this.#video = video;
    video.addEventListener("leavepictureinpicture", () => this.dispatchEvent(new Event("closed")));
  }

  static get isPossible() {
    return Boolean(document.pictureInPictureEnabled && HTMLVideoElement.prototype.requestPictureInPicture);
  }

  get isOpen() {
    return true;
  }

  /** It opens with its picture. */
  async open() {}

  /** Show what a camera sees; null closes it. Throws when the click that allowed it is too long ago. */
  async show(stream) {
    this.#video.srcObject = stream;
    if (stream) {
      await this.#video.play(); // before that it has no picture to show
      await this.#video.requestPictureInPicture();
    } else if (document.pictureInPictureElement === this.#video) await document.exitPictureInPicture();
  }
}
