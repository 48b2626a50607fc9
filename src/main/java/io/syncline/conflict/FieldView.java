package io.syncline.conflict;

/**
 * A field of a record in conflict, as both sides have it. Values are JSON; null where the member is missing.
 *
 * @param references  the entity that it leads to, or null
 * @param movedThere  the side changed it since the two agreed
 * @param movedHere   people changed it here
 * @param disputed    both did, and not to the same
 * @param merged      what it says when both changes are put together
 */
public record FieldView(String name, String type, String references, String base, String theirs, String ours, boolean movedThere, boolean movedHere,
                        boolean disputed, String merged) {
}
