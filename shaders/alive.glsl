// As in exporters/alive.py: cells are alive where alpha exceeds this in them or beside them.
const float ALIVE_THRESHOLD = 0.1;
