package dev.understudy.app.web;

import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/** What Jetty answers by itself, to what is no HTTP for example: JSON that repeats nothing of the request. */
final class PlainErrors extends ErrorHandler {
    private static Failure failure(int status) {
        return new Failure(
                status, HttpStatus.getMessage(status), "the request cannot be taken as it is", "See /api/openapi.json");
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        Gate.addHeaders(response.getHeaders());
        Gate.answer(response, callback, failure(response.getStatus()));
        return true;
    }
}
