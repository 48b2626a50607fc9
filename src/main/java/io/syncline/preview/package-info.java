/**
 * Plans that dry runs have kept: what is in them, row by row, whether it still stands, and the request to apply them whole or in part.
 * Applying itself is a run like any other; this package asks for it.
 */
package io.syncline.preview;
