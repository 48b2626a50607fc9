package io.syncline.api;

import io.syncline.access.LastAdminKey;
import io.syncline.access.NameTaken;
import io.syncline.access.NotAdmitted;
import io.syncline.access.ProviderUnreachable;
import io.syncline.attention.CannotBeDone;
import io.syncline.audit.CannotBeDecided;
import io.syncline.audit.NotAnchored;
import io.syncline.conflict.CannotBeResolved;
import io.syncline.conflict.PreviewGone;
import io.syncline.deliver.CannotBePushed;
import io.syncline.inspect.CannotBeErased;
import io.syncline.inspect.CannotBeSent;
import io.syncline.preview.AlreadyApplied;
import io.syncline.preview.CannotBeRolledBack;
import io.syncline.preview.InvalidSelection;
import io.syncline.preview.PlanIsInUse;
import io.syncline.run.AnotherRunIsActive;
import io.syncline.run.CannotBeCancelled;
import io.syncline.run.PlanGone;
import io.syncline.run.RunStandsStill;
import io.syncline.run.UnknownTarget;
import io.syncline.store.DatabaseTrouble;
import io.syncline.store.HeldDeletes.NotApprovable;
import io.syncline.store.TookTooLong;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;

import java.util.Map;
import java.util.Optional;

/** Turns what failed into a problem document, and keeps what only we may know in the log, found by request id. */
final class Problems {
    private static final Logger LOG = LoggerFactory.getLogger(Problems.class);

    /** Answers an exchange that has failed behind a door. */
    public void answer(Exchange exchange) {
        exchange.getMessage().setBody(answerTo(exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class), exchange));
    }

    Answer answerTo(Throwable failure, Exchange exchange) {
        String requestId = exchange.getVariable(Call.NAME, Call.class).requestId();
        return Answer.of(problem(failure, requestId), requestId);
    }

    /** The problem that a failure is for the caller. */
    Problem problem(Throwable failure, String requestId) {
        if (failure instanceof Refused refused) {
            return refused.problem();
        }
        if (failure instanceof UnknownTarget unknown) {
            return new Problem(HttpStatus.NOT_FOUND, "unknown-target", unknown.getMessage());
        }
        if (failure instanceof AnotherRunIsActive other) {
            return new Problem(HttpStatus.CONFLICT, "another-run-is-active", other.getMessage(),
                    Map.of("run", other.active(), "href", RunDoor.address(other.active())));
        }
        if (failure instanceof RunStandsStill standing) {
            return new Problem(HttpStatus.SERVICE_UNAVAILABLE, "run-stands-still", standing.getMessage(),
                    Map.of("run", standing.run(), "href", RunDoor.address(standing.run())));
        }
        if (failure instanceof NotApprovable replaced) {
            return replaced.newer() == null ? new Problem(HttpStatus.CONFLICT, "no-longer-held", replaced.getMessage())
                    : new Problem(HttpStatus.CONFLICT, "held-deletes-replaced", replaced.getMessage(),
                            Map.of("run", replaced.newer(), "href", RunDoor.address(replaced.newer())));
        }
        if (failure instanceof CannotBeCancelled ended) {
            return new Problem(HttpStatus.CONFLICT, "cannot-be-cancelled", ended.getMessage(),
                    Map.of("run", ended.run(), "href", RunDoor.address(ended.run())));
        }
        if (failure instanceof CannotBeDone not) {
            return new Problem(HttpStatus.CONFLICT, not.code(), not.getMessage());
        }
        if (failure instanceof CannotBeResolved not) {
            return new Problem(HttpStatus.CONFLICT, not.code(), not.getMessage());
        }
        if (failure instanceof PreviewGone gone) {
            return new Problem(HttpStatus.GONE, "preview-gone", gone.getMessage());
        }
        if (failure instanceof CannotBePushed not) {
            return new Problem(HttpStatus.CONFLICT, not.code(), not.getMessage());
        }
        if (failure instanceof CannotBeDecided not) {
            return new Problem(HttpStatus.UNPROCESSABLE_ENTITY, not.code(), not.getMessage());
        }
        if (failure instanceof NotAnchored not) {
            return new Problem(HttpStatus.SERVICE_UNAVAILABLE, "anchor-failed", not.getMessage());
        }
        if (failure instanceof CannotBeErased not) {
            return new Problem(HttpStatus.CONFLICT, not.code(), not.getMessage());
        }
        if (failure instanceof TookTooLong search) {
            return new Problem(HttpStatus.SERVICE_UNAVAILABLE, "search-took-too-long", search.getMessage());
        }
        if (failure instanceof NotAdmitted nobody) {
            return new Problem(HttpStatus.UNAUTHORIZED, "unauthenticated", nobody.getMessage());
        }
        if (failure instanceof CannotBeSent refused) {
            return new Problem(HttpStatus.CONFLICT, refused.code(), refused.getMessage());
        }
        if (failure instanceof NameTaken taken) {
            return new Problem(HttpStatus.CONFLICT, "name-taken", taken.getMessage());
        }
        if (failure instanceof LastAdminKey last) {
            return new Problem(HttpStatus.CONFLICT, "last-admin-key", last.getMessage());
        }
        if (failure instanceof ProviderUnreachable unreachable) {
            LOG.warn("request {} failed: {}", requestId, unreachable.getMessage());
            return new Problem(HttpStatus.SERVICE_UNAVAILABLE, "identity-provider-unreachable",
                    "The keys of the identity provider cannot be read just now, so no token can be checked. Try again in a moment, or use a key of ours.");
        }
        Optional<Problem> ofPlan = ofPlan(failure);
        if (ofPlan.isPresent()) {
            return ofPlan.get();
        }
        Optional<DatabaseTrouble> trouble = DatabaseTrouble.in(failure);
        if (trouble.isPresent()) {
            LOG.warn("request {} failed: {} {}", requestId, trouble.get().what(), failure.getMessage());
            LOG.debug("Where it failed", failure);
            return new Problem(HttpStatus.SERVICE_UNAVAILABLE, "database-unavailable",
                    trouble.get().what() + " Try again in a moment; an operator finds the reason in the log under this request id.");
        }
        LOG.error("request {} failed", requestId, failure);
        return new Problem(HttpStatus.INTERNAL_SERVER_ERROR, "internal",
                "Something failed on our side and nothing was decided by this answer. An operator finds the reason in the log under this request id.");
    }

    private static Optional<Problem> ofPlan(Throwable failure) {
        if (failure instanceof PlanGone gone) {
            return Optional.of(new Problem(HttpStatus.GONE, "plan-gone", gone.getMessage()));
        }
        if (failure instanceof AlreadyApplied applied) {
            return Optional.of(new Problem(HttpStatus.CONFLICT, "already-applied", applied.getMessage(),
                    Map.of("run", applied.run(), "href", RunDoor.address(applied.run()))));
        }
        if (failure instanceof PlanIsInUse used) {
            return Optional.of(new Problem(HttpStatus.CONFLICT, "plan-in-use", used.getMessage(),
                    Map.of("run", used.run(), "href", RunDoor.address(used.run()))));
        }
        if (failure instanceof CannotBeRolledBack not) {
            return Optional.of(new Problem(not.isUnderWay() ? HttpStatus.CONFLICT : HttpStatus.UNPROCESSABLE_ENTITY,
                    not.isUnderWay() ? "run-under-way" : "nothing-to-roll-back", not.getMessage(),
                    Map.of("run", not.run(), "href", RunDoor.address(not.run()))));
        }
        if (failure instanceof InvalidSelection invalid) {
            return Optional.of(new Problem(HttpStatus.BAD_REQUEST, "invalid-selection", invalid.getMessage(), Map.of("errors", invalid.mistakes())));
        }
        return Optional.empty();
    }
}
