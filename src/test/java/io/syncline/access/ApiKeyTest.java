package io.syncline.access;

import org.junit.jupiter.api.Test;

import java.util.HashSet;
import java.util.Set;

import static org.assertj.core.api.Assertions.assertThat;

class ApiKeyTest {

    @Test
    void aKeyIsReadBackAsItWasMade() {
        Set<String> texts = new HashSet<>();
        for (int count = 0; count < 1000; count++) {
            ApiKey key = ApiKey.random();
            assertThat(key.text()).matches("sln_[0-9A-Za-z]{41}");
            assertThat(ApiKey.read(key.text())).hasValueSatisfying(read -> assertThat(read.hash()).isEqualTo(key.hash()));
            assertThat(texts.add(key.text())).isTrue();
        }
    }

    @Test
    void aTypingMistakeIsFoundWithoutAskingAnyone() {
        String text = ApiKey.random().text();
        for (int at = 0; at < text.length(); at++) {
            char other = text.charAt(at) == 'x' ? 'y' : 'x';
            assertThat(ApiKey.read(text.substring(0, at) + other + text.substring(at + 1))).as("letter %d", at).isEmpty();
        }
        assertThat(ApiKey.read(null)).isEmpty();
        assertThat(ApiKey.read("")).isEmpty();
        assertThat(ApiKey.read(text + " ")).isEmpty();
        assertThat(ApiKey.read(text.substring(1))).isEmpty();
    }

    @Test
    void aKeyInAMessageShowsItsNameOnly() {
        ApiKey key = ApiKey.random();
        assertThat("the key " + key).isEqualTo("the key sln_" + key.prefix() + "…");
    }
}
