package dev.perennial.devstack.provider;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Serves a token request with everything that is to go wrong on the way. */
final class FaultyService {
  private static final int OVERSIZE_BYTES = 2 << 20;

  private final Faults faults;

  /** Decides on the request, writes the decision into its page, and says it. */
  interface Processing {
    HttpResponse process(Call call) throws IOException;
  }

  FaultyService(Faults faults) {
    this.faults = faults;
  }

  void serve(Call call, HttpConnection connection, Processing processing) throws IOException {
    Fault fault = faults.take();
    if (connection.waitUnlessGone(faults.delay())) {
      serve(fault, call, connection, processing);
    } else {
      connection.close();
    }
  }

  private static void serve(
      @Nullable Fault fault, Call call, HttpConnection connection, Processing processing)
      throws IOException {
    switch (fault) {
      case null -> deliver(processing.process(call), call, connection);
      case Fault.Status(int code, Map<String, String> headers, String body) ->
          instead(fault, new HttpResponse(code, headers, body), call, connection);
      case Fault.NonJson ignored ->
          instead(
              fault,
              HttpResponse.of(200, "text/html", "<html><body>Sorry!</body></html>"),
              call,
              connection);
      case Fault.NoAccessToken ignored ->
          instead(fault, json("{\"token_type\":\"Bearer\",\"expires_in\":60}"), call, connection);
      case Fault.ErrorIn200(String body) -> instead(fault, json(body), call, connection);
      case Fault.Redirect(String location) ->
          instead(fault, HttpResponse.redirect(location), call, connection);
      case Fault.Hang(boolean processed) -> {
        processIf(processed, fault, call, processing);
        connection.waitUnlessGone(Duration.ofDays(1));
        connection.close();
      }
      case Fault.Reset(boolean processed) -> {
        processIf(processed, fault, call, processing);
        call.delivered(Delivery.CUT);
        connection.reset();
      }
      case Fault.LateAnswer late ->
          deliverLate(spoilt(fault, call, processing), late, call, connection);
      case Fault.SlowBody slow ->
          deliverSlowly(spoilt(fault, call, processing), slow, call, connection);
      case Fault.TruncatedJson ignored ->
          deliver(truncated(spoilt(fault, call, processing)), call, connection);
      case Fault.Oversize ignored ->
          deliver(padded(spoilt(fault, call, processing)), call, connection);
    }
  }

  private static HttpResponse spoilt(Fault fault, Call call, Processing processing)
      throws IOException {
    HttpResponse response = processing.process(call);
    call.spoiltBy(fault);
    return response;
  }

  private static void processIf(boolean processed, Fault fault, Call call, Processing processing)
      throws IOException {
    if (processed) {
      spoilt(fault, call, processing);
    } else {
      call.fault(fault);
    }
  }

  private static void instead(
      Fault fault, HttpResponse response, Call call, HttpConnection connection) throws IOException {
    call.fault(fault);
    deliver(response, call, connection);
  }

  private static void deliver(HttpResponse response, Call call, HttpConnection connection)
      throws IOException {
    connection.onResetSoon(() -> call.delivered(Delivery.UNREAD));
    call.leaving();
    connection.send(response);
    call.delivered(Delivery.WHOLE);
  }

  private static void deliverLate(
      HttpResponse response, Fault.LateAnswer late, Call call, HttpConnection connection)
      throws IOException {
    if (connection.waitUnlessGone(late.after())) {
      deliver(response, call, connection);
    } else {
      connection.close();
    }
  }

  private static void deliverSlowly(
      HttpResponse response, Fault.SlowBody slow, Call call, HttpConnection connection)
      throws IOException {
    if (connection.sendSlowly(response, slow.pause(), call::leaving)) {
      call.delivered(Delivery.WHOLE);
    } else {
      connection.close();
    }
  }

  // Only the end of the object is missing: every token can still be read by a human.
  private static HttpResponse truncated(HttpResponse response) {
    String body = response.body();
    return response.withBody(body.substring(0, Math.max(0, body.length() - 1)));
  }

  // White space may follow a JSON text, so that only the size is wrong with it.
  private static HttpResponse padded(HttpResponse response) {
    int missing = Math.max(0, OVERSIZE_BYTES - response.body().length());
    return response.withBody(response.body() + " ".repeat(missing));
  }

  private static HttpResponse json(String body) {
    return HttpResponse.of(200, "application/json", body);
  }
}
