/**
 * Reads {@code config/} and checks it: all mistakes at once, each with file, line, what is wrong and what to write instead (promise 27).
 * What it hands out is complete and true, so nobody after it has to ask again.
 */
package io.syncline.config;
