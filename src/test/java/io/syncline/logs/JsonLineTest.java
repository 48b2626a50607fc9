package io.syncline.logs;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import com.fasterxml.jackson.databind.JsonNode;
import io.syncline.RunningSyncline;
import io.syncline.access.NewKey;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;

/** Security row 21: whatever is in a message, an event is one line of JSON. */
class JsonLineTest {
    @Test
    void lineBreaksAndTerminalCodesAreEscapedAndComeBackWhenRead() {
        String hostile = "key \r\n{\"forged\":1} \u001b[31mred\u0000 \u0085 \u2028 \u2029 \u007f \"quoted\\\" \ud800 ä 😀";
        String line = line(hostile, null, Map.of());
        assertThat(line).endsWith("}\n");
        assertThat(line.substring(0, line.length() - 1).chars().noneMatch(c -> Character.isISOControl(c) || c == 0x2028 || c == 0x2029)).isTrue();
        JsonNode event = RunningSyncline.json(line);
        assertThat(event.path("message").asText()).isEqualTo(hostile);
        assertThat(event.path("level").asText()).isEqualTo("ERROR");
        assertThat(event.path("logger").asText()).isEqualTo("io.syncline.api.Gate");
        assertThat(event.path("time").asText()).matches("\\d{4}-\\d\\d-\\d\\dT.*Z");
        assertThat(event.has("stack")).isFalse();
    }

    @Test
    void itSaysWhichRunRequestSyncAndOrganisationItIsAbout() {
        JsonNode event = RunningSyncline.json(line("said", null,
                Map.of("run", "42", "sync", "pricebook", "organisation", "acme\n", "request", "r-1", "other", "x")));
        assertThat(event.path("run").asText()).isEqualTo("42");
        assertThat(event.path("sync").asText()).isEqualTo("pricebook");
        assertThat(event.path("organisation").asText()).isEqualTo("acme\n");
        assertThat(event.path("request").asText()).isEqualTo("r-1");
        assertThat(event.has("other")).isFalse();
    }

    @Test
    void aFailureComesWithItsStackInTheSameLineAndAKeyNowhere() {
        String key = NewKey.make();
        String line = line("found " + key, new IllegalStateException("with " + key, new IOException("deeper\nFORGED")), Map.of("request", key));
        assertThat(line.strip().lines()).hasSize(1);
        assertThat(line).doesNotContain(key.substring(4)).contains("sln_…");
        assertThat(RunningSyncline.json(line).path("stack").asText()).contains("IllegalStateException").contains("deeper\nFORGED");
    }

    private static String line(String message, Throwable failure, Map<String, String> trail) {
        LoggerContext context = new LoggerContext();
        LogbackMDCAdapter about = new LogbackMDCAdapter();
        about.setContextMap(trail);
        context.setMDCAdapter(about);
        return new JsonLine().format(new LoggingEvent(JsonLineTest.class.getName(), context.getLogger("io.syncline.api.Gate"), Level.ERROR, message, failure,
                null));
    }
}
