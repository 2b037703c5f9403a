"""The automaton, its file, its numpy reference and everything that leaves Lichen."""
