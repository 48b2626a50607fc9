package io.syncline.source;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * What a record in a delta says of itself: which members it has, and whether it is one that is gone, in the way of version 4.01 ({@code @removed}) or of 4.0
 * ({@code $deletedEntity} as its context).
 */
final class ODataNote {
    /** Each with its text, or null where it is none. */
    private final Map<String, String> members = new HashMap<>();
    private boolean removed;
    private boolean old;
    private String reason;

    /** The parser stands on the member's value. What is looked into is an object of annotations, which is passed over. */
    void member(String name, JsonParser parser) throws IOException {
        if (name.equals("@removed") || name.equals("@odata.removed")) {
            removed = true;
            reason(parser);
        } else {
            members.put(name, parser.currentToken() == JsonToken.VALUE_STRING ? parser.getText() : null);
            old |= name.equals("@odata.context") && parser.getText().endsWith("/$deletedEntity");
        }
    }

    private void reason(JsonParser parser) throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            return;
        }
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            boolean told = parser.currentName().equals("reason");
            parser.nextToken();
            reason = told && parser.currentToken() == JsonToken.VALUE_STRING ? parser.getText() : reason;
            parser.skipChildren();
        }
    }

    boolean isRemoved() {
        return removed || old;
    }

    /** The source says that there is no such record any more, not only that it is no longer in the set. */
    boolean isDeleted() {
        return "deleted".equals(old ? members.get("reason") : reason);
    }

    /** Its members are the record's own: in version 4.0 one that is gone has others. */
    boolean tellsKey() {
        return !old;
    }

    /** The record's address, or null. */
    String address() {
        String id = old ? members.get("id") : null;
        return id != null ? id : members.get("@id") != null ? members.get("@id") : members.get("@odata.id");
    }

    boolean has(Iterable<String> names) {
        for (String name : names) {
            if (!members.containsKey(name)) {
                return false;
            }
        }
        return true;
    }
}
