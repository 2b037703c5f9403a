// The automaton itself, as the shaders that automaton.js draws with.
$credits

export const CHANNELS = $channels;
// Four channels lie in each.
export const TEXTURES = $textures;

// One step: perceive, two layers, fire or not. The numbers are what was learnt.
export const step = `$step`;

// Wipes out cells that touch no living one; null where the automaton has no such rule.
export const alive = $alive;

export const seed = `$seed`;

export const erase = `$erase`;

export const colour = `$colour`;

// Lets a living filter see a picture; null where the automaton is none.
export const content = $content;

export const fullscreen = `$fullscreen`;
