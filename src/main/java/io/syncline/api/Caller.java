package io.syncline.api;

/** Whoever's key was shown. */
record Caller(String name, String organisation, Role role) {
}
