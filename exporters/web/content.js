// The picture or film that a filter sees, and the controls for it. Needs the page's filter.html.

class Content {
  // `example` is the address of a picture to begin with.
  constructor(example) {
    this.example = example;
    this.canvas = document.createElement("canvas");
    this.context = this.canvas.getContext("2d", { willReadFrequently: true });
  }

  get serves() {
    return this.simulation.automaton.content_channels > 0;
  }

  // Takes on another simulation, which may be no filter.
  serve(simulation) {
    this.simulation = simulation;
    element("filter").hidden = !this.serves;
  }

  // Lets the reader choose a file.
  browse() {
    if (this.serves) element("file").click();
  }

  // `onChange` is called when there is something else to see.
  listen(onChange) {
    this.onChange = onChange;
    element("open").onclick = () => this.browse();
    element("file").onchange = ({ target }) => this.openFile(target.files[0]);
    element("strength").oninput = onChange;
    addEventListener("dragover", (event) => event.preventDefault());
    addEventListener("drop", (event) => {
      event.preventDefault();
      this.openFile(event.dataTransfer.files[0]);
    });
    this.open(this.example);
  }

  openFile(file) {
    if (file && this.serves) this.open(URL.createObjectURL(file), file.type.startsWith("video/"));
  }

  async open(address, isFilm = false) {
    try {
      const source = isFilm ? await openFilm(address) : await openPicture(address);
      this.source?.pause?.();
      this.source = source;
      element("notice").hidden = true;
      this.onChange();
    } catch (error) {
      element("notice").textContent = error.message;
      element("notice").hidden = false;
    }
  }

  // Hands the filter what it is to see on a grid of that size, where that has changed or `anew`.
  refresh([width, height], anew = false) {
    const seconds = this.source?.currentTime ?? 0;
    if (!this.source || !this.serves || (!anew && seconds === this.seconds)) return;
    this.seconds = seconds;
    this.simulation.setContent(
      this.texels(width, height, element("strength").valueAsNumber),
      anew ? 1 : element("memory").valueAsNumber,
    );
  }

  // The middle of it, as RGBA values of every cell: colours less 0.5, times a strength, and 0.
  texels(width, height, strength) {
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
