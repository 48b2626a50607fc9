package io.syncline.sandbox;

/** Who works on cases. Teams have no change time. */
record SapTeam(String id, String name, String lead) {
}
