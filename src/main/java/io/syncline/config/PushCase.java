package io.syncline.config;

/**
 * What a sync's author expects to be sent for what people did here: an entry of {@code config/syncs/<name>.cases.yaml} that expects a push.
 *
 * @param stored  what was last agreed with the side, written as its record; null for a record that was created here
 * @param local   the fields that people changed here since, or those of the record that they created, by the fields' names; null when there are none
 * @param deed    what people did
 * @param path    from the first slash on
 * @param body    all that is sent, as JSON; null for none
 */
public record PushCase(String file, int line, String name, String sync, String entity, String stored, String local, Deed deed, String method, String path,
                       String body) {
    public enum Deed {
        CREATED, CHANGED, DELETED, BROUGHT_BACK
    }
}
