/**
 * The kill rig: the product as a process of its own, killed before or after each of its requests and commits, and what must hold after it was started again.
 * Also what it does when its database dies, fills up or has no connection left, and when two of it share one.
 */
package io.syncline.killrig;
