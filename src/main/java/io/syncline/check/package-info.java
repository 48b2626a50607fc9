/**
 * What {@code syncline check} does: reads everything under {@code config/}, says what is wrong, and runs the cases beside each file.
 * Cases go through the very code that a run goes through, without a database and without a network.
 */
package io.syncline.check;
