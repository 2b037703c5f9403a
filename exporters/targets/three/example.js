// The automaton on a torus, since that is what its grid is: the texture has no seam. Dragging
// turns it, a click or a stroke on it wounds it.

import * as THREE from "three";
import { OrbitControls } from "three/addons/controls/OrbitControls.js";
import { Automaton } from "./automaton.js";

const GRID = { width: $width, height: $height, randomSeed: $random_seed };
const STEPS_PER_FRAME = $steps_per_frame;
const TUBE_RADIUS = 0.45;

const renderer = new THREE.WebGLRenderer({ antialias: true, alpha: true });
document.body.prepend(renderer.domElement);
const automaton = new Automaton(renderer, GRID);
$look// Cells are about as wide as they are high where the ring is repeated like this.
automaton.texture.repeat.x = Math.max(
  1,
  Math.round(((1 / TUBE_RADIUS) * GRID.height) / GRID.width),
);

const scene = new THREE.Scene();
const ring = new THREE.Mesh(
  new THREE.TorusGeometry(1, TUBE_RADIUS, 64, 192),
  new THREE.MeshStandardMaterial({ map: automaton.texture, roughness: 0.55 }),
);
ring.rotation.x = -0.9;
const sun = new THREE.DirectionalLight(0xfff1dd, 2.6);
sun.position.set(2, 3, 2.5);
const rim = new THREE.DirectionalLight(0x9fc4ff, 1.2);
rim.position.set(-3, -1, -2);
scene.add(ring, sun, rim, new THREE.HemisphereLight(0xdfe8ff, 0x30281f, 1.1));

const camera = new THREE.PerspectiveCamera(40, 1, 0.1, 20);
camera.position.z = 4.8;
const controls = new OrbitControls(camera, renderer.domElement);
controls.enableDamping = true;
controls.enablePan = false;
controls.minDistance = 2;
controls.maxDistance = 10;

// Where a pointer meets the ring, in the mesh's own uv; null beside it.
const raycaster = new THREE.Raycaster();
function findPlace({ clientX, clientY }) {
  const pointer = new THREE.Vector2(
    (2 * clientX) / innerWidth - 1,
    1 - (2 * clientY) / innerHeight,
  );
  raycaster.setFromCamera(pointer, camera);
  return raycaster.intersectObject(ring)[0]?.uv ?? null;
}

function wound(event) {
  const uv = findPlace(event);
  if (uv) automaton.erase(uv, 10);
}
// On the ring a stroke wounds; the camera must not turn with it. Hence before its own listener.
addEventListener(
  "pointerdown",
  (event) => {
    controls.enabled = findPlace(event) === null;
    wound(event);
  },
  { capture: true },
);
addEventListener("pointermove", (event) => {
  if (event.buttons && !controls.enabled) wound(event);
});

function resize() {
  renderer.setPixelRatio(Math.min(devicePixelRatio, 2));
  renderer.setSize(innerWidth, innerHeight);
  camera.aspect = innerWidth / innerHeight;
  camera.position.setLength(Math.max(4.8, 4.8 / camera.aspect));
  camera.updateProjectionMatrix();
}
addEventListener("resize", resize);
resize();

document.getElementById("hint").textContent = "Stroke the ring to wound it; drag beside it to turn.";
renderer.setAnimationLoop(() => {
  automaton.step(STEPS_PER_FRAME);
  ring.rotation.z += 0.001;
  controls.update();
  renderer.render(scene, camera);
});
