"""``POST auth/token/``: a password for a token, with the same lock-out as the browser (api.md Auth)."""

from typing import Any

from django.contrib.auth import authenticate
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.parsers import FormParser, JSONParser, MultiPartParser
from rest_framework.permissions import AllowAny
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import ApiToken
from accounts.rules import must_change_password
from accounts.selectors.devices import has_second_factor
from accounts.services import open_token, record_failed_sign_in, revoke_token
from accounts.services.second_factor import check_second_factor
from core import clock
from core.api.viewsets import ContractMixin
from core.exceptions import DomainError, NotAllowed

REQUIRED: dict[str, Any] = {"required": "此项必填", "blank": "此项必填", "null": "此项必填"}


class WrongPassword(DomainError):
    """Account and password do not go together (401)."""

    status_code = 401
    code = "wrong_credentials"


class CredentialsInput(serializers.Serializer):
    """``{username, password}``, and the code of the second factor for those who use one."""

    username = serializers.CharField(max_length=40, error_messages=REQUIRED)
    password = serializers.CharField(max_length=128, trim_whitespace=False, error_messages=REQUIRED)
    code = serializers.CharField(max_length=12, required=False, default="", help_text="启用动态口令的账号须提供")


class PersonOutput(serializers.Serializer):
    """Who the token acts as."""

    username = serializers.CharField()
    name = serializers.CharField()
    roles = serializers.ListField(child=serializers.CharField())
    department = serializers.CharField(allow_null=True, help_text="单位代码")


class TokenOutput(serializers.Serializer):
    """The token's text, which is never shown again."""

    token = serializers.CharField()
    expires_at = serializers.DateTimeField()
    user = PersonOutput()


class AuthToken(ContractMixin, APIView):
    """Exchange account and password for a token of 12 hours that may do what the person may do."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    # Also as a plain form: what many clients send where a password is exchanged for a token.
    parser_classes = (JSONParser, FormParser, MultiPartParser)

    @extend_schema(request=CredentialsInput, responses={200: TokenOutput}, auth=[], tags=["auth"])
    def post(self, request):
        given, now = self.read_input(CredentialsInput), clock.now()
        user = authenticate(request._request, username=given["username"], password=given["password"])
        if user is None:
            record_failed_sign_in(given["username"], now=now)
            raise WrongPassword("账号或密码不正确")
        if has_second_factor(user):
            check_second_factor(actor=user, code=given["code"])
        elif user.needs_second_factor or must_change_password(user, now):
            raise NotAllowed("请先在网页上登录一次，修改密码或启用动态口令", code="sign_in_first")
        token, text = open_token(actor=user, now=now)
        person = {
            "username": user.username,
            "name": user.name,
            "roles": sorted(user.roles),
            "department": user.department.code if user.department else None,
        }
        return Response(TokenOutput({"token": text, "expires_at": token.expires_at, "user": person}).data)


class RevokeToken(ContractMixin, APIView):
    """Give up the token the request is made with."""

    @extend_schema(
        request=None,
        responses={200: inline_serializer("RevokedToken", {"revoked": serializers.BooleanField()})},
        tags=["auth"],
    )
    def post(self, request):
        if not isinstance(request.auth, ApiToken):
            raise NotAllowed("请用要吊销的令牌发出这个请求", code="not_a_token")
        revoke_token(request.auth, actor=request.user, now=clock.now())
        return Response({"revoked": True})
