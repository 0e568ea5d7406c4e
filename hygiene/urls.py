from django.urls import path

from hygiene import views

app_name = "hygiene"
urlpatterns = [
    path("", views.show_rota, name="show_rota"),
    path("plants/", views.list_plants, name="list_plants"),
    path("<int:pk>/", views.show_clean, name="show_clean"),
    path("<int:pk>/start/", views.start_clean, name="start_clean"),
    path("<int:pk>/helpers/", views.name_helpers, name="name_helpers"),
    path("<int:pk>/items/<int:item>/tick/", views.tick_item, name="tick_item"),
    path("<int:pk>/items/<int:item>/untick/", views.untick_item, name="untick_item"),
    path("<int:pk>/items/<int:item>/excuse/", views.excuse_item, name="excuse_item"),
    path("<int:pk>/plants/skip/", views.skip_plant, name="skip_plant"),
    path("<int:pk>/plants/<int:plant>/unskip/", views.unskip_plant, name="unskip_plant"),
    path("<int:pk>/finish/", views.finish_clean, name="finish_clean"),
    path("<int:pk>/verify/", views.verify_clean, name="verify_clean"),
    path("<int:pk>/undo/", views.undo_clean, name="undo_clean"),
]
