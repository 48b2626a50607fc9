/**
 * Simulated systems on loopback, with the manners and the bad days of the real ones: what a connector survives here, it has seen.
 * They start with the profile {@code demo} or in a test, and nothing else in the product knows them.
 */
package io.syncline.sandbox;
