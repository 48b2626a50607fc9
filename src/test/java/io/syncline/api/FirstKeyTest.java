package io.syncline.api;

import io.syncline.TestPostgres;
import io.syncline.access.ApiKey;
import io.syncline.access.NewKey;
import io.syncline.access.NotAKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

@ExtendWith(OutputCaptureExtension.class)
class FirstKeyTest {
    private static final Pattern KEY = Pattern.compile("^ +KEY=(sln_[0-9A-Za-z]{41})$", Pattern.MULTILINE);
    private static final String DOOR = "/api/sync/pricebook/full";

    @Test
    void theFirstStartShowsAnAdminKeyOnceAndTheSecondShowsNone(CapturedOutput output) {
        String database = TestPostgres.emptyUrl();
        String key;
        try (Doors doors = Doors.on(database)) {
            Matcher shown = KEY.matcher(output.getOut());
            assertThat(shown.find()).isTrue();
            key = shown.group(1);
            assertThat(shown.find()).isFalse();
            assertThat(doors.post(DOOR, key, null).status()).isEqualTo(200);
            assertThat(doors.sql.sql("select role || ' ' || organisation from syncline.api_key").query(String.class).list())
                    .isEqualTo(List.of("admin default"));
            assertThat(output.getOut()).contains("http://127.0.0.1:" + doors.port() + "/api/v1/runs/1");
        }
        int length = output.getOut().length();
        try (Doors doors = Doors.on(database)) {
            assertThat(output.getOut().substring(length)).doesNotContain(ApiKey.MARK);
            assertThat(doors.post(DOOR, key, null).status()).isEqualTo(200);
            doors.sql.sql("update syncline.api_key set revoked_at = now()").update();
        }
        try (Doors doors = Doors.on(database)) {
            assertThat(output.getOut().substring(length)).doesNotContain(ApiKey.MARK);
            assertThat(doors.post(DOOR, key, null).status()).isEqualTo(401);
        }
    }

    @Test
    void aKeyFromTheEnvironmentIsTakenWhileThereAreNoneAndNothingIsShown(CapturedOutput output) {
        String database = TestPostgres.emptyUrl();
        String key = NewKey.make();
        try (Doors doors = Doors.on(database, "--SYNCLINE_ADMIN_KEY=" + key)) {
            assertThat(doors.post(DOOR, key, null).status()).isEqualTo(200);
        }
        String other = NewKey.make();
        try (Doors doors = Doors.on(database, "--SYNCLINE_ADMIN_KEY=" + other)) {
            assertThat(doors.post(DOOR, other, null).status()).isEqualTo(401);
            assertThat(doors.post(DOOR, key, null).status()).isEqualTo(200);
            assertThat(output.getOut()).contains("SYNCLINE_ADMIN_KEY is none of the stored keys");
        }
        assertThat(output.getOut()).doesNotContain(ApiKey.MARK);
    }

    @Test
    void whatIsNoKeyStopsTheStartAndSaysHowToMakeOne(CapturedOutput output) {
        assertThatThrownBy(() -> Doors.open("--SYNCLINE_ADMIN_KEY=hunter2hunter2")).isInstanceOf(NotAKey.class);
        assertThat(output.getErr()).contains("Syncline did not start. SYNCLINE_ADMIN_KEY is not a Syncline key. "
                + "Make one with \"java -jar syncline.jar new-key\"");
        assertThat(output.getAll()).doesNotContain("hunter2").doesNotContain("NotAKey");
    }
}
