package io.syncline.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * One line that is written outside: how far every chain of an organisation had come, and with which digest. Each organisation has lines of its own, so that one
 * can be shown to whoever looks into that organisation's matters.
 */
public record AnchorLine(String at, String organisation, List<Link> chains) {
    private static final JsonMapper JSON = JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

    /**
     * The newest link of a chain then.
     *
     * @param kind {@code snapshots}, or the name of a ledger
     * @param sync null where the chain is the organisation's
     */
    public record Link(String kind, String sync, long number, String digest) {
        boolean isOf(String ofKind, String ofSync) {
            return kind.equals(ofKind) && Objects.equals(sync, ofSync);
        }
    }

    /** Empty where the line is none, as after a crash in the middle of it. */
    public static Optional<AnchorLine> read(String line) {
        try {
            AnchorLine read = JSON.readValue(line, AnchorLine.class);
            if (read == null || read.at == null || read.organisation == null || read.chains == null
                    || read.chains.stream().anyMatch(link -> link == null || link.kind == null || link.digest == null)) {
                return Optional.empty();
            }
            Instant.parse(read.at);
            return Optional.of(read);
        } catch (JsonProcessingException | DateTimeException e) {
            return Optional.empty();
        }
    }

    String text() {
        try {
            return JSON.writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("texts and numbers have a JSON form", e);
        }
    }

    Optional<Link> of(String kind, String sync) {
        return chains.stream().filter(link -> link.isOf(kind, sync)).findFirst();
    }
}
