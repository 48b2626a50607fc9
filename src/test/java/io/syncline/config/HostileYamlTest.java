package io.syncline.config;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

import static org.assertj.core.api.Assertions.assertThat;

/** Security 13. Nothing grows while it is read, nothing is made but texts, and the reader always answers with a line. */
@Timeout(60)
class HostileYamlTest {
    @TempDir
    private Path folder;

    @Test
    void anAliasBombIsRefusedWithoutBeingExpanded() {
        StringBuilder bomb = new StringBuilder("a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n");
        for (int i = 1; i < 40; i++) {
            bomb.append("a").append(i).append(": &a").append(i).append(" [").append(("*a" + (i - 1) + ", ").repeat(8)).append("*a").append(i - 1).append("]\n");
        }

        assertThat(said(bomb.toString())).contains("config/systems/crm.yaml:1 a0: &a0 is an anchor", "config/systems/crm.yaml:2 a1[0]: *a0 is an alias");
    }

    @Test
    void anAliasOfItselfIsRefused() {
        assertThat(said("name: &me [*me]\n")).contains("*me is an alias");
    }

    @Test
    void aMergeKeyIsAnUnknownKey() {
        assertThat(said("name: crm\n<<: {title: CRM}\n")).contains("config/systems/crm.yaml:2 <<: is not a key that is known here.");
    }

    @Test
    void noTagMakesAnObject() {
        assertThat(said("name: !!javax.script.ScriptEngineManager [!!java.net.URLClassLoader [[!!java.net.URL [\"http://127.0.0.1:1/\"]]]]\n"))
                .contains("\"!!javax.script.ScriptEngineManager\" is a tag");
        assertThat(said("name: !include /etc/passwd\n")).contains("\"!include\" is a tag").doesNotContain("root:");
    }

    @Test
    void deepNestingIsRefused() {
        assertThat(said("name: " + "[".repeat(100_000))).contains("is nested deeper than 40 levels");
        assertThat(said("name: " + "{a: ".repeat(100_000))).contains("is nested deeper than 40 levels");
    }

    @Test
    void aHugeFileIsRefused() {
        assertThat(said("name: " + "x".repeat(2_000_000))).contains("config/systems/crm.yaml:1: is larger than 1 MB.");
        assertThat(said("name: " + "x".repeat(5_000_000))).contains("config/systems/crm.yaml:1: is larger than 1 MB.");
    }

    @Test
    void aHugeNumberIsRefused() {
        assertThat(said("source: {kind: http, limits: {attempts: " + "9".repeat(900_000) + "}}\n"))
                .contains("is too large. Write a whole number from 1 to 20.");
    }

    @Test
    void whatIsNotTextIsRefused() {
        assertThat(new Written(folder).file("systems/crm.yaml", new byte[] {'n', ':', ' ', (byte) 0xFF, (byte) 0xFE}).mistakes())
                .containsExactly("config/systems/crm.yaml:1: is not UTF-8. Save it as plain UTF-8 text.");
        assertThat(said("name: \u0000\u0007\n")).contains("config/systems/crm.yaml:1: is not YAML");
    }

    @Test
    void aMistakeIsOneLineWhateverIsWritten() {
        assertThat(said("name: \"a\\nb\\e[31mred\"\n").lines().filter(line -> line.startsWith("config/"))).hasSize(3);
        assertThat(said("name: \"a\\nb\\e[31mred\"\n")).contains("\"a?b?[31mred\" is not a name");
        assertThat(said("? \"a\\nb\"\n: 1\n").lines()).allMatch(line -> line.startsWith("config/systems/crm.yaml:"));
    }

    @Test
    void wordsThatOldYamlTurnsIntoSomethingElseStayTexts() {
        Yaml yaml = YamlReader.read("[no, on, 012, 1_000, 12:30:00, 2026-01-31, 0x1F, .5, true, 12, 1.50, null]", new Mistakes("f"));

        assertThat(yaml.json()).isEqualTo("[\"no\",\"on\",\"012\",\"1_000\",\"12:30:00\",\"2026-01-31\",\"0x1F\",\".5\",true,12,1.50,null]");
    }

    private String said(String system) {
        return String.join("\n", new Written(folder).file("systems/crm.yaml", system).mistakes());
    }
}
