package dev.perennial.app.admin;

import dev.perennial.app.access.Caller;
import dev.perennial.app.access.Scope;
import dev.perennial.app.audit.Action;
import io.helidon.http.Method;
import io.helidon.webserver.http.ServerRequest;
import org.jspecify.annotations.Nullable;

/**
 * One thing that can be asked for.
 *
 * @param path with names in braces for its parts; one called {@code integration} must be one that
 *     the caller sees
 * @param scope that the caller must have; null where it is open to everybody
 * @param action what the audit trail calls it
 */
record Route(Method method, String path, @Nullable Scope scope, Handler handler, Action action) {

  Route(Method method, String path, @Nullable Scope scope, Handler handler) {
    this(method, path, scope, handler, Action.REQUEST);
  }

  /** The same under the name that the audit trail has for it. */
  Route audited(Action as) {
    return new Route(method, path, scope, handler, as);
  }

  static Route get(String path, Scope scope, Handler handler) {
    return new Route(Method.GET, path, scope, handler);
  }

  static Route post(String path, Scope scope, Handler handler) {
    return new Route(Method.POST, path, scope, handler);
  }

  static Route put(String path, Scope scope, Handler handler) {
    return new Route(Method.PUT, path, scope, handler);
  }

  static Route delete(String path, Scope scope, Handler handler) {
    return new Route(Method.DELETE, path, scope, handler);
  }

  /** For everybody. */
  static Route open(String path, Handler handler) {
    return new Route(Method.GET, path, null, handler);
  }

  /** Answers a request of a caller that may ask. Thread-safe. */
  @FunctionalInterface
  interface Handler {
    /**
     * @throws Refusal where it is refused
     */
    Answer answer(ServerRequest request, Caller caller);
  }
}
