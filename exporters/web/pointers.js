// What the mouse, pens and fingers do on a canvas: one of them draws strokes, two fingers pinch,
// and the wheel zooms. Places are in CSS pixels.

const WHEEL_ZOOM = 0.0015;
// A finger draws once it has moved so far or has left again: a second one may follow, to pinch.
const TOUCH_SLACK_PIXELS = 6;

// `stroke(from, to, isSecondary)` draws a piece of a line; the mouse's right button is secondary.
// `pinch(factor, from, to)` makes things so many times as large and moves them.
function listenToPointers(canvas, { stroke, pinch }) {
  const held = new Map();
  let isPinching = false;
  let waitingFinger = null;

  canvas.addEventListener("contextmenu", (event) => event.preventDefault());
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    const place = [event.clientX, event.clientY];
    held.set(event.pointerId, place);
    isPinching ||= held.size === 2;
    waitingFinger = !isPinching && event.pointerType === "touch" ? place : null;
    if (!isPinching && !waitingFinger) stroke(place, place, event.button === 2);
  });
  canvas.addEventListener("pointermove", (event) => {
    const from = held.get(event.pointerId);
    if (!from) return;
    const to = [event.clientX, event.clientY];
    const others = [...held].filter(([id]) => id !== event.pointerId).map(([, place]) => place);
    held.set(event.pointerId, to);
    if (waitingFinger && distance(to, waitingFinger) < TOUCH_SLACK_PIXELS) return;
    if (!isPinching) stroke(waitingFinger ?? from, to, event.buttons === 2);
    else if (others.length === 1) {
      const factor = distance(to, others[0]) / Math.max(distance(from, others[0]), 1);
      pinch(factor, middle(from, others[0]), middle(to, others[0]));
    }
    waitingFinger = null;
  });
  for (const type of ["pointerup", "pointercancel"])
    canvas.addEventListener(type, (event) => {
      if (waitingFinger && type === "pointerup") stroke(waitingFinger, waitingFinger, false);
      waitingFinger = null;
      held.delete(event.pointerId);
      isPinching &&= held.size > 0;
    });
  const onWheel = (event) => {
    event.preventDefault();
    const place = [event.clientX, event.clientY];
    const pixels = event.deltaY * (event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1);
    pinch(2 ** (-pixels * WHEEL_ZOOM * (event.ctrlKey ? 6 : 1)), place, place);
  };
  canvas.addEventListener("wheel", onWheel, { passive: false });
}

const distance = (one, other) => Math.hypot(one[0] - other[0], one[1] - other[1]);
const middle = (one, other) => one.map((value, axis) => (value + other[axis]) / 2);
