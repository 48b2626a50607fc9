/**
 * Takes what systems tell of their changes: checks who says it, keeps it, and has the records read that it is about.
 * Nothing of a message itself is ever taken over, so that one which is forged, late or out of order can do no more than cause a read.
 */
package io.syncline.webhook;
