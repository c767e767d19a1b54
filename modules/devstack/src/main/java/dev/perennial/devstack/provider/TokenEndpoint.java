package dev.perennial.devstack.provider;

import dev.perennial.devstack.provider.Use.Kind;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * RFC 6749, section 3.2, with everything that can go wrong on the way, and a page in the ledger for
 * each request: opened when it was read, closed when its answer left or its caller did.
 */
final class TokenEndpoint {
  private static final int OVERSIZE_BYTES = 2 << 20;

  private final ProviderProfile profile;
  private final Grants grants;
  private final Faults faults;
  private final Ledger ledger;
  private final InstantSource clock;
  private final TokenAnswers answers;

  TokenEndpoint(
      ProviderProfile profile, Grants grants, Faults faults, Ledger ledger, InstantSource clock) {
    this.profile = profile;
    this.grants = grants;
    this.faults = faults;
    this.ledger = ledger;
    this.clock = clock;
    this.answers = new TokenAnswers(profile);
  }

  void handle(HttpRequest request, HttpConnection connection) throws IOException {
    TokenRequest asked = TokenRequest.read(request);
    Fault fault = faults.take();
    try (Call call = ledger.open(profile.name, presented(asked, request, connection), clock)) {
      if (connection.waitUnlessGone(faults.delay())) {
        serve(asked, fault, call, connection);
      } else {
        connection.close();
      }
    }
  }

  private Call.Presented presented(
      TokenRequest asked, HttpRequest request, HttpConnection connection) {
    Kind kind = asked.kind();
    Register.Names names =
        kind == Kind.CLIENT_CREDENTIALS || kind == Kind.OTHER
            ? Register.Names.UNKNOWN
            : grants.names(asked.presented());
    return new Call.Presented(
        kind, names.token(), names.grant(), asked.clientId(), Worker.of(request, connection));
  }

  private void serve(
      TokenRequest asked, @Nullable Fault fault, Call call, HttpConnection connection)
      throws IOException {
    switch (fault) {
      case null -> deliver(process(asked, call), call, connection);
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
        processIf(processed, asked, fault, call);
        connection.waitUnlessGone(Duration.ofDays(1));
        connection.close();
      }
      case Fault.Reset(boolean processed) -> {
        processIf(processed, asked, fault, call);
        call.delivered(Delivery.CUT);
        connection.reset();
      }
      case Fault.LateAnswer late -> deliverLate(spoilt(asked, fault, call), late, call, connection);
      case Fault.SlowBody slow -> deliverSlowly(spoilt(asked, fault, call), slow, call, connection);
      case Fault.TruncatedJson ignored ->
          deliver(truncated(spoilt(asked, fault, call)), call, connection);
      case Fault.Oversize ignored -> deliver(padded(spoilt(asked, fault, call)), call, connection);
    }
  }

  private HttpResponse process(TokenRequest asked, Call call) {
    Granting decided = asked.decide(profile, grants, ledger);
    switch (decided) {
      case Granting.Granted granted -> call.granted(granted);
      case Granting.Refused refused -> call.refused(refused);
    }
    return answers.answer(decided);
  }

  private HttpResponse spoilt(TokenRequest asked, Fault fault, Call call) {
    HttpResponse response = process(asked, call);
    call.spoiltBy(fault);
    return response;
  }

  private void processIf(boolean processed, TokenRequest asked, Fault fault, Call call) {
    if (processed) {
      spoilt(asked, fault, call);
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
    return response.withBody(response.body().substring(0, response.body().length() - 1));
  }

  // White space may follow a JSON text, so that only the size is wrong with it.
  private static HttpResponse padded(HttpResponse response) {
    return response.withBody(
        response.body() + " ".repeat(OVERSIZE_BYTES - response.body().length()));
  }

  private static HttpResponse json(String body) {
    return HttpResponse.of(200, "application/json", body);
  }
}
