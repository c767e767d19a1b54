package dev.perennial.devstack.provider;

import dev.perennial.devstack.provider.Use.Kind;
import java.io.IOException;
import java.time.InstantSource;

/**
 * RFC 6749, section 3.2, with a page in the ledger for each request: opened when it was read,
 * closed when its answer left or its caller did.
 */
final class TokenEndpoint {
  private final ProviderProfile profile;
  private final Grants grants;
  private final FaultyService service;
  private final Ledger ledger;
  private final InstantSource clock;
  private final TokenAnswers answers;

  TokenEndpoint(
      ProviderProfile profile, Grants grants, Faults faults, Ledger ledger, InstantSource clock) {
    this.profile = profile;
    this.grants = grants;
    this.service = new FaultyService(faults);
    this.ledger = ledger;
    this.clock = clock;
    this.answers = new TokenAnswers(profile);
  }

  void handle(HttpRequest request, HttpConnection connection) throws IOException {
    TokenRequest asked = TokenRequest.read(request);
    try (Call call = ledger.open(profile.name, presented(asked, request, connection), clock)) {
      service.serve(call, connection, page -> process(asked, page));
    }
  }

  private Call.Presented presented(
      TokenRequest asked, HttpRequest request, HttpConnection connection) {
    Kind kind = asked.kind();
    Register.Names names =
        kind.isGranted() ? grants.names(asked.presented()) : Register.Names.UNKNOWN;
    return new Call.Presented(
        kind, names.token(), names.grant(), asked.clientId(), Worker.of(request, connection));
  }

  /** A refresh that came another way: decided, noted and answered as if by HTTP, without faults. */
  Granting refresh(String refreshToken, String worker) {
    Register.Names names = grants.names(refreshToken);
    Call.Presented presented =
        new Call.Presented(
            Kind.REFRESH_TOKEN, names.token(), names.grant(), profile.clientId, worker);
    try (Call call = ledger.open(profile.name, presented, clock)) {
      Granting decided = decided(grants.refresh(refreshToken), call);
      call.leaving();
      call.delivered(Delivery.WHOLE);
      return decided;
    }
  }

  private HttpResponse process(TokenRequest asked, Call call) {
    return answers.answer(decided(asked.decide(profile, grants, ledger), call));
  }

  private static Granting decided(Granting decided, Call call) {
    switch (decided) {
      case Granting.Granted granted -> call.granted(granted);
      case Granting.Refused refused -> call.refused(refused);
    }
    return decided;
  }
}
