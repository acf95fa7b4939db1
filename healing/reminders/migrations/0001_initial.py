
import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Plan',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('kind', models.CharField(choices=[('check_in', 'check-in mail')], default='check_in', max_length=16)),
                ('weekdays', models.PositiveSmallIntegerField(help_text='bit 0 is Monday')),
                ('local_time', models.TimeField()),
                ('time_zone', models.CharField(max_length=64)),
                ('paused_until', models.DateTimeField(null=True)),
                ('next_due_at', models.DateTimeField(editable=False, null=True)),
                ('next_local_date', models.DateField(editable=False, null=True)),
                ('last_local_date', models.DateField(editable=False, null=True)),
                ('owner', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('local_date', models.DateField()),
                ('seq', models.PositiveSmallIntegerField(default=1)),
                ('due_at', models.DateTimeField()),
                ('state', models.CharField(choices=[('pending', 'Pending'), ('leased', 'Leased'), ('sending', 'Sending'), ('sent', 'Sent'), ('failed', 'Failed'), ('skipped', 'Skipped'), ('uncertain', 'Uncertain')], default='pending', max_length=9)),
                ('reason', models.CharField(blank=True, choices=[('late', 'it would have come too late'), ('paused', 'you had paused these mails'), ('stopped', 'you had stopped these mails'), ('no_consent', 'there was no consent to mail'), ('refused', 'the mail server refused it'), ('worker_lost', 'the sender stopped in the middle'), ('connection_lost', 'the connection broke in the middle')], default='', max_length=16)),
                ('lease_token', models.UUIDField(null=True)),
                ('lease_until', models.DateTimeField(null=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('next_attempt_at', models.DateTimeField()),
                ('server_reply', models.CharField(blank=True, default='', max_length=300)),
                ('message_id', models.CharField(blank=True, default='', max_length=255)),
                ('sent_at', models.DateTimeField(null=True)),
                ('plan', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='reminders.plan')),
            ],
        ),
        migrations.AddIndex(
            model_name='plan',
            index=models.Index(condition=models.Q(('next_due_at__isnull', False)), fields=['next_due_at', 'id'], name='plan_due'),
        ),
        migrations.AddConstraint(
            model_name='plan',
            constraint=models.UniqueConstraint(fields=('owner', 'kind'), name='one_plan_of_a_kind'),
        ),
        migrations.AddConstraint(
            model_name='plan',
            constraint=models.CheckConstraint(condition=models.Q(('weekdays__gte', 1), ('weekdays__lte', 127)), name='plan_has_a_weekday'),
        ),
        migrations.AddConstraint(
            model_name='plan',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('next_due_at__isnull', True), ('next_local_date__isnull', True)), models.Q(('next_due_at__isnull', False), ('next_local_date__isnull', False)), _connector='OR'), name='plan_is_due_or_stopped'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(condition=models.Q(('state', 'pending')), fields=['next_attempt_at', 'id'], name='delivery_pending'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(condition=models.Q(('state__in', ['leased', 'sending'])), fields=['lease_until'], name='delivery_leased'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.UniqueConstraint(fields=('plan', 'local_date', 'seq'), name='one_delivery_a_date_and_seq'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('lease_until__isnull', False), ('state__in', ['leased', 'sending'])), models.Q(models.Q(('state__in', ['leased', 'sending']), _negated=True), ('lease_until__isnull', True)), _connector='OR'), name='a_lease_ends_and_only_a_lease'),
        ),
    ]
