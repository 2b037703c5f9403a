// The picture or film that a filter sees. Needs a page for the files alone.

class Content {
  constructor() {
    this.canvas = document.createElement("canvas");
    this.context = this.canvas.getContext("2d", { willReadFrequently: true });
    this.source = undefined;
    this.seconds = undefined;
  }

  // Takes a picture or film from an address within the page, or made of a file. Throws an Error
  // with a sentence for the reader where the browser cannot show it.
  async open(address, isFilm = false) {
    const source = isFilm ? await openFilm(address) : await openPicture(address);
    this.source?.pause?.();
    this.source = source;
    this.seconds = undefined;
  }

  // Whether it shows something else than when its texels were read last.
  get hasChanged() {
    return this.source !== undefined && this.seconds !== (this.source.currentTime ?? 0);
  }

  // The middle of it on a grid of that size, as RGBA values of every cell: colours less 0.5, times
  // a strength, and 0.
  texels(width, height, strength) {
    this.seconds = this.source.currentTime ?? 0;
    const sides = [
      this.source.videoWidth ?? this.source.naturalWidth,
      this.source.videoHeight ?? this.source.naturalHeight,
    ];
    const scale = Math.max(width / sides[0], height / sides[1]);
    const [across, down] = sides.map((side) => side * scale);
    Object.assign(this.canvas, { width, height });
    this.context.imageSmoothingQuality = "high";
    this.context.drawImage(this.source, (width - across) / 2, (height - down) / 2, across, down);
    const bytes = this.context.getImageData(0, 0, width, height).data;
    return Float32Array.from(bytes, (byte, index) =>
      index % 4 === 3 ? 0 : strength * (byte / 255 - 0.5),
    );
  }
}

async function openPicture(address) {
  const picture = new Image();
  picture.src = address;
  await picture.decode().catch(() => {
    throw new Error("This browser cannot read that picture; try a PNG or JPEG.");
  });
  return picture;
}

async function openFilm(address) {
  const film = document.createElement("video");
  Object.assign(film, { src: address, muted: true, loop: true, playsInline: true });
  await film.play().catch(() => {
    throw new Error("This browser cannot play that film; try an MP4 or WebM.");
  });
  return film;
}
