package dev.perennial.devstack.provider;

import java.time.Duration;
import java.util.Map;

/**
 * Something that goes wrong at the token endpoint instead of a good answer. "Processed" means that
 * the grant was given and the refresh token or the code is spent, although no good answer follows.
 */
public sealed interface Fault {

  /** Not processed; answered with this status, body and these headers. */
  record Status(int code, Map<String, String> headers, String body) implements Fault {
    public Status {
      headers = Map.copyOf(headers);
    }
  }

  /** No answer at all until the caller closes the connection. */
  record Hang(boolean processed) implements Fault {}

  /** The connection is reset (TCP RST) instead of an answer. */
  record Reset(boolean processed) implements Fault {}

  /** Processed; the whole answer comes only after this long. */
  record LateAnswer(Duration after) implements Fault {}

  /** Processed; the head comes at once, the body byte by byte with this pause between two. */
  record SlowBody(Duration pause) implements Fault {}

  /** Not processed; status 200 and a page of HTML. */
  record NonJson() implements Fault {}

  /**
   * Processed; the JSON ends too early, inside a complete HTTP message. Everything issued is in it.
   */
  record TruncatedJson() implements Fault {}

  /** Processed; the answer is padded to two MiB. */
  record Oversize() implements Fault {}

  /** Not processed; status 200 and a JSON object without an access token. */
  record NoAccessToken() implements Fault {}

  /** Not processed; status 200 and this JSON, which says that it failed. */
  record ErrorIn200(String body) implements Fault {}

  /** Not processed; 302 to this place. */
  record Redirect(String location) implements Fault {}

  Fault HANG = new Hang(false);
  Fault HANG_AFTER_PROCESSING = new Hang(true);
  Fault RESET_BEFORE_PROCESSING = new Reset(false);
  Fault RESET_AFTER_PROCESSING = new Reset(true);
  Fault NON_JSON = new NonJson();
  Fault TRUNCATED_JSON = new TruncatedJson();
  Fault OVERSIZE = new Oversize();
  Fault NO_ACCESS_TOKEN = new NoAccessToken();

  /** As Slack says it. */
  Fault OK_FALSE = new ErrorIn200("{\"ok\":false,\"error\":\"x\"}");

  /** As GitHub says it. */
  Fault BAD_VERIFICATION_CODE = new ErrorIn200("{\"error\":\"bad_verification_code\"}");

  /** An error status with an OAuth error body (RFC 6749, section 5.2). */
  static Fault error(int status, String error) {
    return new Status(
        status, Map.of("Content-Type", "application/json"), "{\"error\":\"" + error + "\"}");
  }

  /** A bare status such as 503. */
  static Fault status(int status) {
    return new Status(status, Map.of(), "");
  }

  /** 429 with Retry-After in whole seconds. */
  static Fault tooManyRequests(Duration retryAfter) {
    return new Status(429, Map.of("Retry-After", Long.toString(retryAfter.toSeconds())), "");
  }

  static Fault lateAnswer(Duration after) {
    return new LateAnswer(after);
  }

  static Fault slowBody(Duration pause) {
    return new SlowBody(pause);
  }

  static Fault redirect(String location) {
    return new Redirect(location);
  }
}
