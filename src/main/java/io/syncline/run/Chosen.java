package io.syncline.run;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.syncline.store.Selection;

/** A selection as it is kept with the run that applies it. */
final class Chosen {
    private static final JsonMapper JSON = JsonMapper.builder().serializationInclusion(JsonInclude.Include.NON_NULL).build();

    private Chosen() {
    }

    static String print(Selection selection) {
        try {
            return selection == null ? null : JSON.writeValueAsString(selection);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a selection can always be written", e);
        }
    }

    static Selection read(String kept) {
        try {
            return kept == null ? null : JSON.readValue(kept, Selection.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("what is kept of a selection is always JSON", e);
        }
    }
}
