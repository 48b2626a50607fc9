package io.syncline.access;

/**
 * Somebody who reads by SQL.
 *
 * @param password for the one time that it is shown; null afterwards
 */
public record ReaderLogin(String role, String organisation, String password) {
    /** Promise 28. */
    @Override
    public String toString() {
        return role + " of " + organisation;
    }
}
