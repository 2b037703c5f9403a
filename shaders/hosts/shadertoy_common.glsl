// Common: what the other tabs share.

#constants

#include "hosts/layout.glsl"

#include "hosts/pixels.glsl"
