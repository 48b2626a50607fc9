package io.syncline.source;

import com.fasterxml.jackson.core.JsonParser;
import io.syncline.record.Observed;
import io.syncline.record.SideMapping;

import java.io.IOException;
import java.util.Set;

/** How a record is written in the answers of a kind of system. Reads the one the parser stands on, and leaves the parser on its last token. */
interface RecordForm {
    RecordForm PLAIN = (parser, mapping) -> mapping.read(parser);

    Observed read(JsonParser parser, SideMapping mapping) throws IOException;

    /** The keys of those records read so far that were told in part only, so that what they are has to be asked for. */
    default Set<String> unclear() {
        return Set.of();
    }
}
