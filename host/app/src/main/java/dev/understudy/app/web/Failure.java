package dev.understudy.app.web;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.core.problem.UserException;

/**
 * An answer that is not what was asked for.
 *
 * @param status of HTTP
 * @param error what is wrong
 * @param detail why
 * @param remedy how to mend it
 */
record Failure(int status, String error, String detail, String remedy) {
    static Failure of(UserException e) {
        UserException.Parts parts = e.parts();
        int status = switch (e.category()) {
            case BAD_INPUT -> 400;
            // It is understood and would be right at another time: in another state of what it is about.
            case NOT_ALLOWED -> 409;
            case FAILED -> 500;
        };
        return new Failure(status, parts.what(), parts.why(), parts.mend());
    }

    static Failure notFound(String what, String remedy) {
        return new Failure(404, what, "it is not known here", remedy);
    }

    ObjectNode json() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("error", error)
                .put("detail", detail)
                .put("remedy", remedy);
    }

    /** Ends the handling of a request with this answer. */
    static final class Answer extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final transient Failure failure;

        Answer(Failure failure) {
            super(failure.error(), null, false, false);
            this.failure = failure;
        }

        Failure failure() {
            return failure;
        }
    }
}
