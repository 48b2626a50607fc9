package io.syncline.api;

import io.syncline.access.Caller;
import io.syncline.access.Role;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpStatus;

import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class PreconditionsTest {
    private static final String TAG = Preconditions.tag("7");

    private static Call call(String header, String value) {
        Caller ann = new Caller("ann", "acme", Role.REVIEWER);
        return new Call("r", ann, "edit", Map.of(), value == null ? Map.of() : Map.of(header, value), new byte[0], false, () -> true);
    }

    private static Problem refusal(String ifMatch) {
        try {
            Preconditions.require(call("If-Match", ifMatch), TAG, Map.of("price", 7));
        } catch (Refused refused) {
            return refused.problem();
        }
        throw new AssertionError(ifMatch + " was let through");
    }

    @Test
    void twoVersionsHaveTwoTagsAndOneAlwaysTheSame() {
        assertThat(TAG).matches("\"[0-9a-f]{32}\"").isEqualTo(Preconditions.tag("7")).isNotEqualTo(Preconditions.tag("8"));
    }

    @Test
    void whoeverChangesSomethingNamesTheVersionThatItHasSeen() {
        assertThatCode(() -> Preconditions.require(call("If-Match", TAG), TAG, Map.of())).doesNotThrowAnyException();
        assertThatCode(() -> Preconditions.require(call("If-Match", "\"other\", " + TAG), TAG, Map.of())).doesNotThrowAnyException();
        assertThat(refusal(null).status()).isEqualTo(HttpStatus.PRECONDITION_REQUIRED);
        assertThat(refusal("*").code()).as("any version is none that was seen").isEqualTo("version-required");
    }

    @Test
    void anotherVersionIsRefusedWithTheOneThereIs() {
        for (String sent : new String[] {Preconditions.tag("6"), "W/" + TAG, TAG.replace("\"", ""), "", "\"*\""}) {
            Problem problem = refusal(sent);
            assertThat(problem.status()).as(sent).isEqualTo(HttpStatus.PRECONDITION_FAILED);
            assertThat(problem.members()).isEqualTo(Map.of("etag", TAG, "current", Map.of("price", 7)));
        }
        assertThatThrownBy(() -> Preconditions.require(call("If-Match", "\"x\""), TAG, Map.of())).hasMessageContaining("changed since you read it");
    }

    @Test
    void whatIsKnownIsNotSentAgain() {
        Answer answer = Answer.ok("{}");
        assertThat(Preconditions.unlessKnown(call("If-None-Match", null), TAG, answer).headers()).containsEntry("ETag", TAG);
        assertThat(Preconditions.unlessKnown(call("If-None-Match", "\"other\""), TAG, answer).status()).isEqualTo(200);
        for (String known : new String[] {TAG, "W/" + TAG, "\"a\", " + TAG, "*"}) {
            Answer none = Preconditions.unlessKnown(call("If-None-Match", known), TAG, answer);
            assertThat(none.status()).as(known).isEqualTo(304);
            assertThat(none.headers()).containsEntry("ETag", TAG);
        }
    }

    @Test
    void aReportThatIsKnownIsAnsweredWithoutABody() {
        try (Doors doors = Doors.open()) {
            String key = doors.key("op", "acme", Role.OPERATOR);
            long run = doors.post("/api/sync/pricebook/full", key, null).json().path("run").longValue();
            Doors.Answered first = doors.get("/api/v1/runs/" + run, key);
            Doors.Answered again = doors.get("/api/v1/runs/" + run, key, "If-None-Match", first.header("ETag"));
            assertThat(again.status()).isEqualTo(304);
            assertThat(again.text()).isEmpty();
            assertThat(again.header("ETag")).isEqualTo(first.header("ETag"));
            assertThat(doors.get("/api/v1/runs/" + run, key, "If-None-Match", "\"older\"").text()).isEqualTo(first.text());
        }
    }
}
