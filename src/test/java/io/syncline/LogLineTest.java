package io.syncline;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.spi.LoggingEvent;
import io.syncline.access.NewKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.io.ClassPathResource;

import java.io.IOException;

import static org.assertj.core.api.Assertions.assertThat;

/** The pattern that application.yaml sets for every log line. */
class LogLineTest {

    @ParameterizedTest
    @ValueSource(strings = {"logging.pattern.console", "logging.pattern.file"})
    void anEventIsOneLineWhateverItSays(String where) throws IOException {
        Exception failure = new IllegalStateException("cause\nFORGED", new IOException("deeper\r\nFORGED"));
        String line = line(where, "first\r\n2026-11-21 FORGED \u001b[31mred\u0000\u0085", failure);
        assertThat(line).endsWith(System.lineSeparator());
        assertThat(line.strip().chars().noneMatch(Character::isISOControl)).isTrue();
        assertThat(line).contains("first·2026-11-21 FORGED").contains("IllegalStateException").contains("deeper·FORGED").contains("ERROR").contains("Gate: ");
    }

    @Test
    void aKeyCannotGetIn() throws IOException {
        String key = NewKey.make();
        String line = line("logging.pattern.console", "found " + key + ".", new IllegalStateException(key));
        assertThat(line).contains("found sln_….").doesNotContain(key.substring(4));
    }

    private static String line(String where, String message, Throwable failure) throws IOException {
        PatternLayout layout = new PatternLayout();
        LoggerContext context = new LoggerContext();
        layout.setContext(context);
        layout.setPattern((String) new YamlPropertySourceLoader().load("application", new ClassPathResource("application.yaml")).get(0).getProperty(where));
        layout.start();
        return layout.doLayout(new LoggingEvent(LogLineTest.class.getName(), context.getLogger("io.syncline.api.Gate"), Level.ERROR, message, failure, null));
    }
}
