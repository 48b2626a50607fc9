package io.syncline.access;

/** Another key in use, or another reader, has this name. */
public final class NameTaken extends RuntimeException {
    NameTaken(String name) {
        super("\"" + name + "\" is the name of another one that is in use. Write another name, or revoke that one first.");
    }
}
